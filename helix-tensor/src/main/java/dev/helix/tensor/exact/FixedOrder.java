package dev.helix.tensor.exact;

/**
 * Dot products in one fixed order: from +0.0, one fused multiply-add for each index, rising. No
 * layout splits them, so they need no accumulator; each rank gets the bits that any other would.
 *
 * <p>The order is in each product alone. Several products run side by side, because one waits for
 * its own last addition most of the time; that changes no bit of any of them.
 */
public final class FixedOrder {
  private FixedOrder() {}

  /** Σ a[aFrom+i]·b[bFrom+i] for i = 0, 1, …, length−1, each step rounded once. */
  public static double dot(double[] a, int aFrom, double[] b, int bFrom, int length) {
    double sum = 0.0;
    for (int i = 0; i < length; i++) {
      sum = Math.fma(a[aFrom + i], b[bFrom + i], sum);
    }
    return sum;
  }

  /**
   * The dot products of one vector with several that stand one after the other.
   *
   * @param a {@code [length]} from {@code aFrom}
   * @param rows {@code [count, length]} from {@code rowsFrom}
   * @param to {@code [count]} from {@code toFrom}
   */
  public static void dots(
      double[] a,
      int aFrom,
      int length,
      double[] rows,
      int rowsFrom,
      int count,
      double[] to,
      int toFrom) {
    int row = 0;
    for (; row + 4 <= count; row += 4) {
      int from = rowsFrom + row * length;
      four(a, aFrom, length, rows, from, to, toFrom + row);
    }
    for (; row < count; row++) {
      to[toFrom + row] = dot(a, aFrom, rows, rowsFrom + row * length, length);
    }
  }

  private static void four(
      double[] a, int aFrom, int length, double[] rows, int from, double[] to, int toFrom) {
    double first = 0.0;
    double second = 0.0;
    double third = 0.0;
    double fourth = 0.0;
    int secondFrom = from + length;
    int thirdFrom = secondFrom + length;
    int fourthFrom = thirdFrom + length;
    for (int i = 0; i < length; i++) {
      double x = a[aFrom + i];
      first = Math.fma(x, rows[from + i], first);
      second = Math.fma(x, rows[secondFrom + i], second);
      third = Math.fma(x, rows[thirdFrom + i], third);
      fourth = Math.fma(x, rows[fourthFrom + i], fourth);
    }
    to[toFrom] = first;
    to[toFrom + 1] = second;
    to[toFrom + 2] = third;
    to[toFrom + 3] = fourth;
  }
}
