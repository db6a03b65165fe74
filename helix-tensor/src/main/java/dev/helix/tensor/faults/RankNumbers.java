package dev.helix.tensor.faults;

import dev.helix.tensor.Kernels;
import dev.helix.tensor.Spec;
import dev.helix.tensor.Tensor;
import dev.helix.tensor.WeightSlice;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How a fault on one rank looks into a tensor and puts other numbers in its place, in any reading
 * whose tensors are numbers. What it makes stays in memory as weights do: for runs that are to go
 * wrong, not for long ones.
 *
 * @param <T> the reading's tensor
 */
public final class RankNumbers<T extends Tensor> {
  private final Kernels<T> kernels;
  private final AtomicLong made = new AtomicLong();

  /**
   * One for all faults of a rank.
   *
   * @param kernels of the rank
   */
  public RankNumbers(Kernels<T> kernels) {
    this.kernels = kernels;
  }

  /** The rank. */
  public int rank() {
    return kernels.rank();
  }

  /** The numbers of a tensor, row-major; a copy. */
  public double[] of(T tensor) {
    return kernels.toHost(tensor);
  }

  /**
   * A tensor of this rank.
   *
   * @param numbers row-major
   */
  public T tensor(Spec spec, double[] numbers) {
    String key = "fault on rank %d, tensor %d".formatted(rank(), made.incrementAndGet());
    return kernels.constant(spec, new WeightSlice(key, () -> numbers));
  }
}
