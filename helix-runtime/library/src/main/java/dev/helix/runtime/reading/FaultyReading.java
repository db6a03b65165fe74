package dev.helix.runtime.reading;

import dev.helix.attention.AttentionKernels;
import dev.helix.attention.faults.AttentionFault;
import dev.helix.attention.faults.HealthyRank;
import dev.helix.attention.faults.RankRole;
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
 * caller has to ask the fault for these: {@link AttentionFault#placement}, {@code FfnFault.router}.
 * This class assumes that the model has no attention sinks.
 */
public final class FaultyReading<T extends Tensor> implements Reading<T> {
  private final Reading<T> healthy;
  private final Fault fault;
  private final Layout layout;

  /**
   * Puts a fault into every rank.
   *
   * @param healthy a reading of one run
   * @param layout the layout of the ranks
   */
  public FaultyReading(Reading<T> healthy, Fault fault, Layout layout) {
    this.healthy = healthy;
    this.fault = fault;
    this.layout = layout;
  }

  @Override
  public String name() {
    return healthy.name();
  }

  @Override
  public RankOperations<T> on(Communicator communicator) {
    int rank = communicator.rank();
    RankRole role = new RankRole(rank, layout.kvpIndex(rank), List.of());
    return faulty(fault, role, healthy.on(communicator));
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
        healthy.latent(),
        healthy.moe());
  }
}
