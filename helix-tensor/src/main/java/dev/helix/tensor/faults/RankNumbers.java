package dev.helix.tensor.faults;

import dev.helix.tensor.Kernels;
import dev.helix.tensor.Spec;
import dev.helix.tensor.Tensor;
import dev.helix.tensor.WeightSlice;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Lets a fault on one rank read the numbers of a tensor and make tensors of other numbers, in any
 * reading whose tensors hold numbers. What it makes stays in memory as weights do, so it is meant
 * for short runs.
 *
 * @param <T> the tensor type of the reading
 */
public final class RankNumbers<T extends Tensor> {
  private final String maker;
  private final Kernels<T> kernels;
  private final AtomicLong made = new AtomicLong();

  /**
   * Creates the access for all faults of one rank.
   *
   * @param kernels the kernels of the rank
   */
  public RankNumbers(Kernels<T> kernels) {
    this("fault", kernels);
  }

  /**
   * Creates the access for somebody else.
   *
   * @param maker who makes tensors; on one rank, no two may have the same name
   * @param kernels the kernels of the rank
   */
  public RankNumbers(String maker, Kernels<T> kernels) {
    this.maker = maker;
    this.kernels = kernels;
  }

  /** The rank whose tensors are read and made. */
  public int rank() {
    return kernels.rank();
  }

  /** A copy of the numbers of a tensor, row-major. */
  public double[] of(T tensor) {
    return kernels.toHost(tensor);
  }

  /**
   * Creates a tensor of this rank.
   *
   * @param numbers row-major
   */
  public T tensor(Spec spec, double[] numbers) {
    String key = "%s on rank %d, tensor %d".formatted(maker, rank(), made.incrementAndGet());
    return kernels.constant(spec, new WeightSlice(key, () -> numbers));
  }
}
