package dev.helix.tensor.compare;

import java.util.Locale;

/**
 * The outcome of comparing many numbers with their expected values, where each number has a bound
 * of its own. {@link ErrorAccumulator} makes it of numbers that come one by one.
 *
 * <p>An element fails if it, its expected value or its bound is not finite, even if both values are
 * the same infinity or NaN. It counts in {@code nonFinite} and in no maximum. A bound of 0 demands
 * equality. A comparison of no elements does not pass, because it has shown nothing.
 *
 * @param count elements compared
 * @param nonFinite elements whose number, expected number or bound is not finite
 * @param violations finite elements with |actual − expected| &gt; bound
 * @param unexpectedNonZeros elements that are not 0 although their expected value is. They have no
 *     relative error and no useful error in ulps, so they count in neither of these maxima
 * @param maxAbs largest |actual − expected|
 * @param maxRelative largest |actual − expected| / |expected|, over non-zero expected values
 * @param maxUlp largest {@linkplain Ulps#error error in units of the expected value's last place},
 *     over non-zero expected values
 * @param worstShare largest |actual − expected| / bound. Here 0 / 0 counts as 0, and a difference
 *     where the bound is 0 counts as infinite. The share is above 1 exactly if there are
 *     violations, up to rounding
 * @param bound the bound of the (first) element with that share; 0 if no element was finite
 * @param largestBound the largest bound of all elements, to be read beside {@code maxAbs}
 */
public record ErrorReport(
    long count,
    long nonFinite,
    long violations,
    long unexpectedNonZeros,
    double maxAbs,
    double maxRelative,
    double maxUlp,
    double worstShare,
    double bound,
    double largestBound) {
  /**
   * Compares arrays element by element.
   *
   * @param bound for each element the largest |actual − expected| that is allowed
   * @throws IllegalArgumentException if the lengths differ or a bound is negative
   */
  public static ErrorReport of(double[] actual, double[] expected, double[] bound) {
    ErrorAccumulator errors = new ErrorAccumulator();
    errors.addAll(actual, expected, bound);
    return errors.report();
  }

  /** Whether at least one element was compared, and all were finite and within their bounds. */
  public boolean passed() {
    return count > 0 && nonFinite == 0 && violations == 0;
  }

  /** One line for logs and messages. */
  @Override
  public String toString() {
    String outcome = passed() ? "passed" : count == 0 ? "nothing compared" : "FAILED";
    return String.format(
        Locale.ROOT,
        "%s: %d compared, %d beyond bound, %d not finite; max abs %.3g, rel %.3g, ulp %.4g;"
            + " worst share %.3g of bound %.3g (largest bound %.3g)",
        outcome,
        count,
        violations,
        nonFinite,
        maxAbs,
        maxRelative,
        maxUlp,
        worstShare,
        bound,
        largestBound);
  }
}
