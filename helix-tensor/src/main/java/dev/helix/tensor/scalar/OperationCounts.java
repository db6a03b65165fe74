package dev.helix.tensor.scalar;

/**
 * How many operations on numbers were done. Conversions, copies and changes of sign are not
 * counted.
 *
 * @param additions includes subtractions
 * @param roots square roots
 * @param exponentials natural exponentials, and hyperbolic tangents
 * @param logarithms natural logarithms
 */
public record OperationCounts(
    long additions,
    long multiplications,
    long divisions,
    long roots,
    long exponentials,
    long logarithms,
    long comparisons) {
  /** The counts of doing nothing. */
  public static final OperationCounts NONE = new OperationCounts(0, 0, 0, 0, 0, 0, 0);

  public OperationCounts {
    requireNotNegative("additions", additions);
    requireNotNegative("multiplications", multiplications);
    requireNotNegative("divisions", divisions);
    requireNotNegative("roots", roots);
    requireNotNegative("exponentials", exponentials);
    requireNotNegative("logarithms", logarithms);
    requireNotNegative("comparisons", comparisons);
  }

  /**
   * The number of FLOPs as GPUs are rated: an addition or a multiplication is one, so that a
   * multiply-add is two. Divisions and functions do not count; they are rated apart, if at all.
   */
  public long flops() {
    return Math.addExact(additions, multiplications);
  }

  /** The sums of the counts of both. */
  public OperationCounts plus(OperationCounts other) {
    return new OperationCounts(
        Math.addExact(additions, other.additions),
        Math.addExact(multiplications, other.multiplications),
        Math.addExact(divisions, other.divisions),
        Math.addExact(roots, other.roots),
        Math.addExact(exponentials, other.exponentials),
        Math.addExact(logarithms, other.logarithms),
        Math.addExact(comparisons, other.comparisons));
  }

  private static void requireNotNegative(String what, long count) {
    if (count < 0) {
      throw new IllegalArgumentException(what + " must not be negative, got " + count);
    }
  }
}
