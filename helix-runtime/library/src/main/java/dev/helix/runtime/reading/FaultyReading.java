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
 * A reading with a fault switched on: the decode program runs as it is, on kernels and exchanges
 * that are wrong as those of a serving system were.
 *
 * <p>A fault that rewrites partial states needs them as numbers; the {@code exact} reading's are
 * unrounded sums. What a fault changes beside a rank's operations, a placement or the choice of
 * experts, is the caller's to ask it for: {@link AttentionFault#placement}, {@code
 * FfnFault.router}. So are a model's attention sinks, which this takes to be none.
 */
public final class FaultyReading<T extends Tensor> implements Reading<T> {
  private final Reading<T> healthy;
  private final Fault fault;
  private final Layout layout;

  /**
   * Puts a fault into every rank.
   *
   * @param healthy a reading of one run
   * @param layout of the ranks
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
