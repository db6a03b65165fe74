package dev.helix.runtime.timing.cost;

import dev.helix.runtime.timing.machine.LaunchCosts;
import dev.helix.runtime.timing.machine.Machine;
import dev.helix.tensor.Axis;
import dev.helix.tensor.Spec;
import dev.helix.tensor.program.CostFamily;
import dev.helix.tensor.trace.Launch;
import java.util.Optional;

/**
 * The cost of attention over cached tokens, by the formula of {@link LaunchCosts}. Its part is what
 * one request has in the cache for one KV head. A launch that quantises queries goes before it if
 * the cache has at most 8 bits.
 */
final class AttentionModel {
  private static final int QUANTISED_BITS = 8;

  private final Machine machine;
  private final double savedMicros;
  private final boolean repeated;

  /**
   * @param repeated whether the same launch runs again and again, so that operands that fit stay in
   *     the L2 cache
   */
  AttentionModel(Machine machine, double savedMicros, boolean repeated) {
    this.machine = machine;
    this.savedMicros = savedMicros;
    this.repeated = repeated;
  }

  Cost of(Launch launch) {
    CostFamily family = launch.kind().family();
    LaunchCosts costs = machine.preset().launch(family);
    Roof roof = new Roof(machine.gpu(), costs);
    long bytes = Math.addExact(machine.bytes(launch.reads()), machine.bytes(launch.writes()));
    double part = family == CostFamily.GQA_ATTENTION ? 2 * longest(launch) : longest(launch);
    double l2 = costs.attention().l2Bandwidth().value();
    double memory =
        repeated && l2 > 0 && bytes < machine.gpu().l2Bytes()
            ? bytes / (l2 * 1e6)
            : roof.memoryMicros((double) bytes);
    double work =
        Math.max(
            Math.max(memory, roof.arithmeticMicros(launch, filled(family, launch))),
            roof.partMicros(part));
    double quantise =
        cached(launch).map(spec -> spec.dtype().bits() <= QUANTISED_BITS).orElse(false)
            ? saved(costs.attention().quantise().value())
            : 0;
    double overhead = saved(costs.overhead().value()) + quantise;
    return new Cost(0, overhead + roof.rampMicros(part) + work, bytes);
  }

  private double saved(double overhead) {
    return Math.max(0, overhead - savedMicros);
  }

  /**
   * The FLOPs of a launch, where a tile of queries that is not full costs like a full one. The
   * heads of all rows of a request share a tile.
   */
  private double filled(CostFamily family, Launch launch) {
    if (family != CostFamily.MLA_ATTENTION) {
      return launch.flops();
    }
    double least = machine.preset().launch(family).attention().leastHeads().value();
    int queries = AttentionSizes.of(launch).queriesOfKvHead();
    return launch.flops() * Math.max(1, least / Math.max(1, queries));
  }

  private static Optional<Spec> cached(Launch launch) {
    for (Spec read : launch.reads()) {
      if (read.has(Axis.SLOTS) && read.elements() > 0) {
        return Optional.of(read);
      }
    }
    return Optional.empty();
  }

  /**
   * The bytes of the longest request for one KV head in {@code [batch, kvHeads, slots, headDim]}.
   */
  private double longest(Launch launch) {
    double longest = 0;
    for (Spec read : launch.reads()) {
      if (read.has(Axis.SLOTS) && read.elements() > 0) {
        double bytes = machine.bytes(read);
        longest = Math.max(longest, bytes / read.size(Axis.BATCH) / read.size(Axis.KV_HEADS));
      }
    }
    return longest;
  }
}
