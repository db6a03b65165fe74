package dev.helix.runtime.cli.decode;

import dev.helix.attention.faults.quantized.StorageFault;
import dev.helix.runtime.decode.DecodeListener;
import dev.helix.runtime.decode.DecodePlan;
import dev.helix.runtime.decode.DecodeResult;
import dev.helix.runtime.decode.DecodeRun;
import dev.helix.runtime.ranks.threads.ThreadRanks;
import dev.helix.runtime.reading.Reading;
import dev.helix.runtime.record.Recording;
import dev.helix.runtime.report.LogitsDigest;
import dev.helix.tensor.faults.Fault;
import java.util.Optional;

/** Says whether a fault that was switched on has changed a logit, by a run without it. */
final class FaultEffect {
  private FaultEffect() {}

  /**
   * The sentence about a fault that has changed none, with the reason if it has no part to act on.
   */
  static String none(Fault fault, DecodePlan plan) {
    return "the fault changed no logit of this run%s: with it and without it all of them have the same bits"
        .formatted(withoutPart(fault, plan).map(", since "::concat).orElse(""));
  }

  /** Why a fault has nothing to act on; empty if it has. */
  private static Optional<String> withoutPart(Fault fault, DecodePlan plan) {
    String name = fault.story().name();
    if (fault instanceof StorageFault && !plan.cache().quantizes()) {
      return Optional.of("it acts on a KV cache in a number format, which --kv gives");
    }
    if (name.contains("soft cap")) {
      return Optional.of("the model has no soft cap");
    }
    if (name.contains("attention sink")) {
      return Optional.of("the model has no attention sinks");
    }
    return name.contains("window") && plan.model().positions().slidingWindow().isEmpty()
        ? Optional.of("the model has no sliding window")
        : Optional.empty();
  }

  /**
   * Decodes again without the fault and compares all logits, bit for bit.
   *
   * @param healthy the plan without the fault
   * @param reading a reading for the plan that no run has used yet
   * @param faulty the result of the run with it
   */
  static boolean isNone(DecodePlan healthy, Reading<?> reading, DecodeResult faulty) {
    DecodePlan again =
        new DecodePlan(
            healthy.checkpoint(),
            healthy.strategy(),
            healthy.requests(),
            Recording.STEPS,
            healthy.cache());
    DecodeResult right =
        new DecodeRun(new ThreadRanks()).decode(again, reading, new DecodeListener() {});
    return LogitsDigest.ofAll(right).equals(LogitsDigest.ofAll(faulty));
  }
}
