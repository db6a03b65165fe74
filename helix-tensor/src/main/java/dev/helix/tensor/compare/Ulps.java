package dev.helix.tensor.compare;

/** Distances between doubles in units in the last place. */
public final class Ulps {
  private Ulps() {}

  /**
   * The number of steps between neighbouring doubles that lead from {@code a} to {@code b}, where
   * +0 and −0 count as one double. The distance is symmetric, 0 exactly for equal numbers, and
   * additive along the number line.
   *
   * <p>Finite doubles are mapped to integers that grow with them (B. Dawson's mapping: the bits,
   * with the negative half reflected), and the distance is the difference of these integers. An
   * infinity has distance 0 from itself and {@link Long#MAX_VALUE} from everything else. NaN has
   * {@link Long#MAX_VALUE} from everything, NaN included. A distance between finite doubles of
   * opposite sign that does not fit a {@code long} is cut off at the same value.
   */
  public static long distance(double a, double b) {
    if (a == b) {
      return 0;
    }
    if (!Double.isFinite(a) || !Double.isFinite(b)) {
      return Long.MAX_VALUE;
    }
    long low = Math.min(ordinal(a), ordinal(b));
    long high = Math.max(ordinal(a), ordinal(b));
    long difference = high - low;
    return difference < 0 ? Long.MAX_VALUE : difference;
  }

  /**
   * The error |actual − reference| in units of the reference's last place, {@link
   * Math#ulp(double)}. Unlike {@link #distance}, it counts the same on both sides of a power of
   * two. In the subnormal range and at 0 the unit is 2<sup>−1074</sup>.
   *
   * @return 0 for equal numbers, infinities included; NaN if either is NaN; infinite if just one is
   */
  public static double error(double actual, double reference) {
    if (actual == reference) {
      return 0;
    }
    if (Double.isInfinite(reference) && !Double.isNaN(actual)) {
      return Double.POSITIVE_INFINITY;
    }
    return Math.abs(actual - reference) / Math.ulp(reference);
  }

  private static long ordinal(double x) {
    long bits = Double.doubleToRawLongBits(x);
    return bits >= 0 ? bits : Long.MIN_VALUE - bits;
  }
}
