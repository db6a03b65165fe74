package dev.helix.tensor.compare;

import java.util.Locale;

/**
 * The outcome of comparing many numbers with their expected values, each against a bound of its
 * own; made by {@link ErrorAccumulator}.
 *
 * <p>An element that is not finite, or whose expected value or bound is not, fails, also where both
 * are the same infinity or NaN: it counts in {@code nonFinite} and in no maximum. A bound of 0
 * demands equality. A comparison of no elements does not pass, for nothing was shown.
 *
 * @param count elements compared
 * @param nonFinite elements of which the number, the expected number or the bound is not finite
 * @param violations finite elements with |actual − expected| &gt; bound
 * @param unexpectedNonZeros elements whose expected value is 0 and that are not 0: they have no
 *     relative and no useful ulp error, so they count in neither of these maxima
 * @param maxAbs largest |actual − expected|
 * @param maxRelative largest |actual − expected| / |expected|, over non-zero expected values
 * @param maxUlp largest {@linkplain Ulps#error error in units of the expected value's last place},
 *     over non-zero expected values
 * @param worstShare largest |actual − expected| / bound: 0 / 0 counts as 0, and a difference where
 *     the bound is 0 as infinite. Above 1 exactly if there are violations, up to rounding
 * @param bound the bound at the (first) element with that share; 0 if no element was finite
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
   * Whether something was compared, all of it was finite, and every element was within its bound.
   */
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
