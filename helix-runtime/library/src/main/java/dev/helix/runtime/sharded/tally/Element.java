package dev.helix.runtime.sharded.tally;

/**
 * One dumped number beside the expected one.
 *
 * @param place where it is
 * @param quantity what it is, as {@code "LSE"} or {@code "output[3]"}
 * @param got the dumped number
 * @param expected the true number
 * @param bound how far rounding alone can put the dumped number from it
 */
public record Element(Place place, String quantity, double got, double expected, double bound) {
  /**
   * Whether rounding can have put the dumped number anywhere, so that it tells nothing. What is not
   * a finite number is no rounding of one.
   */
  public boolean isUnbounded() {
    return !Double.isFinite(bound) && Double.isFinite(got) && Double.isFinite(expected);
  }

  /** |got − expected| / bound: 0 for equal numbers, infinite if the dumped number is not one. */
  public double share() {
    if (got == expected || (Double.isNaN(got) && Double.isNaN(expected))) {
      return 0;
    }
    double share = Math.abs(got - expected) / bound;
    return Double.isNaN(share) ? Double.POSITIVE_INFINITY : share;
  }
}
