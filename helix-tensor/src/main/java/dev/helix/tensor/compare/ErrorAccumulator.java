package dev.helix.tensor.compare;

/**
 * Collects the errors of many numbers, one by one, for an {@link ErrorReport}. Accumulators of
 * parts can be merged, and the report of the whole does not depend on how it was divided. It
 * depends on the order only if several elements have exactly the same worst share: one of them
 * gives {@code bound}.
 *
 * <p>Not thread-safe: give each thread an accumulator of its own and merge them.
 */
public final class ErrorAccumulator {
  private long count;
  private long nonFinite;
  private long violations;
  private long unexpectedNonZeros;
  private double maxAbs;
  private double maxRelative;
  private double maxUlp;
  private double worstShare;
  private double boundAtWorst;
  private boolean anyShare;
  private double largestBound;

  /**
   * Compares one number.
   *
   * @param bound largest |actual − expected| that is allowed
   * @throws IllegalArgumentException if the bound is negative
   */
  public void add(double actual, double expected, double bound) {
    if (bound < 0) {
      throw new IllegalArgumentException("error bound " + bound + " is negative");
    }
    count++;
    if (!Double.isFinite(actual) || !Double.isFinite(expected) || !Double.isFinite(bound)) {
      nonFinite++;
      return;
    }
    double difference = Math.abs(actual - expected);
    if (difference > bound) {
      violations++;
    }
    maxAbs = Math.max(maxAbs, difference);
    largestBound = Math.max(largestBound, bound);
    if (expected != 0) {
      maxRelative = Math.max(maxRelative, difference / Math.abs(expected));
      maxUlp = Math.max(maxUlp, Ulps.error(actual, expected));
    } else if (difference != 0) {
      unexpectedNonZeros++;
    }
    offerShare(difference == 0 ? 0 : difference / bound, bound);
  }

  /**
   * Compares arrays element by element.
   *
   * @throws IllegalArgumentException if the lengths differ
   */
  public void addAll(double[] actual, double[] expected, double[] bound) {
    if (actual.length != expected.length || bound.length != expected.length) {
      throw new IllegalArgumentException(
          "comparison of %d elements with %d expected ones and %d bounds"
              .formatted(actual.length, expected.length, bound.length));
    }
    for (int i = 0; i < actual.length; i++) {
      add(actual[i], expected[i], bound[i]);
    }
  }

  /** Adds everything that {@code other} has collected; {@code other} is unchanged. */
  public void merge(ErrorAccumulator other) {
    count += other.count;
    nonFinite += other.nonFinite;
    violations += other.violations;
    unexpectedNonZeros += other.unexpectedNonZeros;
    maxAbs = Math.max(maxAbs, other.maxAbs);
    maxRelative = Math.max(maxRelative, other.maxRelative);
    maxUlp = Math.max(maxUlp, other.maxUlp);
    largestBound = Math.max(largestBound, other.largestBound);
    if (other.anyShare) {
      offerShare(other.worstShare, other.boundAtWorst);
    }
  }

  /** The report on everything collected so far. */
  public ErrorReport report() {
    return new ErrorReport(
        count,
        nonFinite,
        violations,
        unexpectedNonZeros,
        maxAbs,
        maxRelative,
        maxUlp,
        worstShare,
        boundAtWorst,
        largestBound);
  }

  private void offerShare(double share, double bound) {
    if (!anyShare || share > worstShare) {
      worstShare = share;
      boundAtWorst = bound;
      anyShare = true;
    }
  }
}
