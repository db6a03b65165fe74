package dev.helix.runtime.fault;

import dev.helix.attention.AttentionKernels;
import dev.helix.attention.LatentKernels;
import dev.helix.attention.faults.AttentionFault;
import dev.helix.attention.faults.HealthyRank;
import dev.helix.attention.faults.RankRole;
import dev.helix.runtime.reading.RankOperations;
import dev.helix.runtime.reading.Reading;
import dev.helix.tensor.Tensor;
import dev.helix.tensor.faults.Fault;
import dev.helix.tensor.faults.RankNumbers;
import dev.helix.tensor.mesh.Communicator;
import dev.helix.tensor.mesh.Layout;
import java.util.List;

/**
 * A reading with a fault switched on. The decode program runs as it is, but kernels and exchanges
 * are wrong in the way in which those of a serving system were.
 *
 * <p>A fault that rewrites partial states needs them as numbers, and those of the {@code exact}
 * reading are unrounded sums. A fault may also change a placement or the choice of experts. The
 * caller has to ask the fault for these, as {@link SwitchedOn} does for placements. This class
 * assumes that the model has no attention sinks.
 */
public final class FaultyReading<T extends Tensor> implements Reading<T> {
  private final Reading<T> healthy;
  private final Fault fault;
  private final FaultSite site;
  private final Layout layout;

  /**
   * Puts a fault into ranks.
   *
   * @param healthy a reading of one run
   * @param layout the layout of the ranks
   */
  public FaultyReading(Reading<T> healthy, Fault fault, FaultSite site, Layout layout) {
    this.healthy = healthy;
    this.fault = fault;
    this.site = site;
    this.layout = layout;
  }

  @Override
  public String name() {
    return healthy.name();
  }

  @Override
  public RankOperations<T> on(Communicator communicator) {
    int rank = communicator.rank();
    RankOperations<T> operations = healthy.on(communicator);
    if (!site.hasRank(rank)) {
      return operations;
    }
    RankOperations<T> faulty =
        faulty(fault, new RankRole(rank, layout.kvpIndex(rank), List.of()), operations);
    return new RankOperations<>(
        faulty.scope(),
        faulty.kernels(),
        new SitedKernels<>(site, faulty.scope(), faulty.attention(), operations.attention()),
        faulty.ffn(),
        faulty.collectives(),
        faulty
            .latent()
            .map(
                latent ->
                    new SitedLatents<>(
                        site, faulty.scope(), latent, operations.latent().orElseThrow())),
        faulty.moe());
  }

  /** The faulty operations of one rank. */
  public static <T extends Tensor> RankOperations<T> faulty(
      Fault fault, RankRole role, RankOperations<T> healthy) {
    RankNumbers<T> numbers = new RankNumbers<>(healthy.kernels());
    AttentionKernels<T> attention =
        fault instanceof AttentionFault ofAttention
            ? ofAttention.kernels(new HealthyRank<>(role, numbers, healthy.attention()))
            : healthy.attention();
    return new RankOperations<>(
        healthy.scope(),
        healthy.kernels(),
        attention,
        healthy.ffn(),
        fault.collectives(numbers, healthy.collectives()),
        healthy.latent().map(latent -> latents(fault, role, numbers, healthy, latent)),
        healthy.moe());
  }

  private static <T extends Tensor> LatentKernels<T> latents(
      Fault fault,
      RankRole role,
      RankNumbers<T> numbers,
      RankOperations<T> healthy,
      LatentKernels<T> latent) {
    return fault instanceof AttentionFault of
        ? new FaultyLatents<>(of, role, numbers, healthy.attention(), latent)
        : latent;
  }
}
