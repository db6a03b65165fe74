package dev.helix.tensor.exact;

import dev.helix.tensor.Spec;
import dev.helix.tensor.Tensor;
import java.util.List;

/**
 * A tensor of the {@code exact} reading. It holds either finished numbers, which are doubles in
 * row-major order, or sums that are not complete yet: one {@link ExactSums} for each run along the
 * innermost axis. Kernels take finished numbers. Only collectives and the merge complete sums.
 */
public final class ExactTensor implements Tensor {
  private final Spec spec;
  private final int owner;
  private final double[] values;
  private final List<ExactSums> sums;

  private ExactTensor(Spec spec, int owner, double[] values, List<ExactSums> sums) {
    this.spec = spec;
    this.owner = owner;
    this.values = values;
    this.sums = sums;
  }

  static ExactTensor finished(Spec spec, int owner, double[] values) {
    requireElements(spec, values.length);
    return new ExactTensor(spec, owner, values, List.of());
  }

  static ExactTensor unfinished(Spec spec, int owner, List<ExactSums> sums) {
    long elements = 0;
    for (ExactSums run : sums) {
      if (run.size() != runLength(spec)) {
        throw new IllegalArgumentException(
            "%s needs runs of %d sums, got %d".formatted(spec, runLength(spec), run.size()));
      }
      elements += run.size();
    }
    requireElements(spec, elements);
    return new ExactTensor(spec, owner, new double[0], List.copyOf(sums));
  }

  @Override
  public Spec spec() {
    return spec;
  }

  @Override
  public int owner() {
    return owner;
  }

  /** Whether this tensor holds sums that have not been rounded. */
  public boolean isUnfinished() {
    return !sums.isEmpty();
  }

  /**
   * The numbers, row-major, not copied, for the kernels of this reading.
   *
   * @throws IllegalArgumentException naming {@code operation} if the tensor holds sums that have
   *     not been rounded
   */
  public double[] values(String operation) {
    if (isUnfinished()) {
      throw new IllegalArgumentException(
          "%s was given partial sums of %s, which an all-reduce or a merge completes"
              .formatted(operation, spec));
    }
    return values;
  }

  /**
   * The sums, one object for each run along the innermost axis, not copied.
   *
   * @throws IllegalArgumentException naming {@code operation} if they have been rounded
   */
  public List<ExactSums> sums(String operation) {
    if (!isUnfinished() && spec.elements() > 0) {
      throw new IllegalArgumentException(
          "%s expected exact sums of %s, got rounded numbers".formatted(operation, spec));
    }
    return sums;
  }

  /** Number of elements along the innermost axis. */
  static int runLength(Spec spec) {
    return spec.dims().get(spec.axisCount() - 1).size();
  }

  private static void requireElements(Spec spec, long elements) {
    if (elements != spec.elements()) {
      throw new IllegalArgumentException(
          "%s needs %d elements, got %d".formatted(spec, spec.elements(), elements));
    }
  }

  @Override
  public String toString() {
    return (isUnfinished() ? "partial sums of " : "") + spec + " of rank " + owner;
  }
}
