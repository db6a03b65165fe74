package dev.helix.attention.fp64;

/**
 * Sums of multiples of rows, c += a₀·x₀ + a₁·x₁ + …, four rows at a time. These are the loops in
 * which attention of a few heads spends its time.
 *
 * <p>HotSpot turns them into vector instructions only as they are: every row is an array of its
 * own, there is one index, and the body is small enough to be unrolled. Over parts of one array, or
 * with two sums in one loop, they were seen to take three times as long. Each term is added with
 * one rounding, in the order of the rows.
 */
final class RowSums {
  private static final int AT_ONCE = 4;

  private RowSums() {}

  /**
   * Adds multiples of the first rows to several sums.
   *
   * @param factors for each sum the factors of the rows, from element {@code first} on
   * @param rows at least {@code count} arrays of at least {@code length} numbers
   * @param sums arrays of at least {@code length} numbers
   */
  static void add(
      double[][] factors, int first, double[][] rows, int count, double[][] sums, int length) {
    int row = 0;
    for (; row + AT_ONCE <= count; row += AT_ONCE) {
      double[] x0 = rows[row];
      double[] x1 = rows[row + 1];
      double[] x2 = rows[row + 2];
      double[] x3 = rows[row + 3];
      for (int sum = 0; sum < sums.length; sum++) {
        addFour(factors[sum], first + row, x0, x1, x2, x3, sums[sum], length);
      }
    }
    for (; row < count; row++) {
      for (int sum = 0; sum < sums.length; sum++) {
        addOne(factors[sum][first + row], rows[row], sums[sum], length);
      }
    }
  }

  private static void addOne(double factor, double[] row, double[] sum, int length) {
    for (int i = 0; i < length; i++) {
      sum[i] = Math.fma(factor, row[i], sum[i]);
    }
  }

  private static void addFour(
      double[] factors,
      int at,
      double[] x0,
      double[] x1,
      double[] x2,
      double[] x3,
      double[] sum,
      int length) {
    double a0 = factors[at];
    double a1 = factors[at + 1];
    double a2 = factors[at + 2];
    double a3 = factors[at + 3];
    for (int i = 0; i < length; i++) {
      double two = Math.fma(a1, x1[i], Math.fma(a0, x0[i], sum[i]));
      sum[i] = Math.fma(a3, x3[i], Math.fma(a2, x2[i], two));
    }
  }
}
