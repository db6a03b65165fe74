package dev.helix.attention.fp64;

/**
 * Exponentials of numbers up to 0, for a whole row at once. Java's own takes two and a half times
 * as long here, as it is called number by number: these loops are small enough for HotSpot to turn
 * them into vector instructions.
 *
 * <p>With k = round(x / ln 2) and r = x − k·ln 2, exp(x) = 2<sup>k</sup>·exp(r), |r| ≤ 0.3466. The
 * series of exp(r) is cut after r<sup>13</sup>/13!.
 *
 * <p><b>Error.</b> A result that is a normal number is within one ulp. Let u be half an ulp of 1,
 * and r &lt; 0, where an ulp of exp(r) is u. The product k·{@link #LN2_HEAD} is exact, and so is
 * its difference from x; r is then rounded once, to within u/4. Head and tail of ln 2 are together
 * off by less than 2<sup>−85</sup>. In 1 + r·q the sum is rounded to within u/2, and q, at most 1,
 * has 1.2 roundings of u/2, those of its own q to a third: 0.21u after the product with r. What the
 * series leaves out is 0.04u. The sum of these is below u. For r &gt; 0 an ulp is twice as large,
 * and the errors are not. A subnormal result is rounded once more and within one unit of
 * 2<sup>−1074</sup>.
 */
final class Exponentials {
  private static final double PER_LN2 = 0x1.71547652b82fep0;

  /** The first 32 bits of ln 2, whose product with k is exact. */
  private static final double LN2_HEAD = 0x1.62e42feep-1;

  private static final double LN2_TAIL = 0x1.a39ef35793c76p-33;

  /** A sum with this has no fraction: it is rounded to the nearest integer. */
  private static final double INTEGERS = 0x1.8p52;

  /** Below this the exponential is 0. */
  private static final double LEAST = -746;

  /** 2^−k, and 0 where that is less than half of the least number. */
  private static final double[] POWERS = new double[1078];

  static {
    for (int k = 0; k < POWERS.length; k++) {
      POWERS[k] = Math.scalb(1.0, -k);
    }
  }

  private final double[] exponents;
  private final double[] series;

  /** Makes room for rows of up to so many numbers. */
  Exponentials(int longest) {
    this.exponents = new double[longest];
    this.series = new double[longest];
  }

  /**
   * Replaces the first numbers of a row by exp(number − maximum). One that is NaN stays NaN.
   *
   * @param row its first {@code count} numbers are at most the maximum, or NaN
   * @return the sum of the exponentials
   */
  double replace(double[] row, double maximum, int count) {
    reduce(row, maximum, exponents, count);
    begin(row, exponents, series, count);
    addTerms(row, series, count, 1 / 3628800.0, 1 / 362880.0, 1 / 40320.0, 1 / 5040.0);
    addTerms(row, series, count, 1 / 720.0, 1 / 120.0, 1 / 24.0, 1 / 6.0);
    finish(row, series, count);
    return scale(row, series, exponents, count);
  }

  /** Turns numbers into x, and finds k. */
  private static void reduce(double[] row, double maximum, double[] exponents, int count) {
    for (int i = 0; i < count; i++) {
      double x = Math.max(row[i] - maximum, LEAST);
      row[i] = x;
      exponents[i] = Math.fma(x, PER_LN2, INTEGERS) - INTEGERS;
    }
  }

  /** Turns x into r, and begins the series with 1/13!, 1/12! and 1/11!. */
  private static void begin(double[] row, double[] exponents, double[] series, int count) {
    for (int i = 0; i < count; i++) {
      double k = exponents[i];
      double r = Math.fma(k, -LN2_TAIL, Math.fma(k, -LN2_HEAD, row[i]));
      row[i] = r;
      series[i] = Math.fma(Math.fma(1 / 6227020800.0, r, 1 / 479001600.0), r, 1 / 39916800.0);
    }
  }

  private static void addTerms(
      double[] row, double[] series, int count, double a, double b, double c, double d) {
    for (int i = 0; i < count; i++) {
      double r = row[i];
      double two = Math.fma(Math.fma(series[i], r, a), r, b);
      series[i] = Math.fma(Math.fma(two, r, c), r, d);
    }
  }

  private static void finish(double[] row, double[] series, int count) {
    for (int i = 0; i < count; i++) {
      double r = row[i];
      series[i] = Math.fma(Math.fma(Math.fma(series[i], r, 0.5), r, 1), r, 1);
    }
  }

  private static double scale(double[] row, double[] series, double[] exponents, int count) {
    double sum = 0;
    for (int i = 0; i < count; i++) {
      double scaled = series[i] * POWERS[(int) -exponents[i]];
      row[i] = scaled;
      sum += scaled;
    }
    return sum;
  }
}
