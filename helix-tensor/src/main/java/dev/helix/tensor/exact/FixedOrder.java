package dev.helix.tensor.exact;

import java.util.Arrays;
import java.util.List;

/**
 * Computes dot products in one fixed order: starting from +0.0, one fused multiply-add for each
 * index, in rising order. No layout splits these sums, so they need no accumulator: each rank gets
 * the bits that any other rank would.
 *
 * <p>The order is fixed within each product only. Several products run side by side, because one
 * alone would wait for its own last addition most of the time; this changes no bit of any of them.
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
   * Computes x / √(Σx²/n + ε) · w. The squares are summed as a dot product in fixed order.
   *
   * @param x holds {@code [n]} from index {@code from} on
   * @param weight {@code [n]}
   * @param y receives {@code [n]} from index {@code yFrom} on
   * @throws ExactRangeException naming {@code operation} if the squares overflow. The result would
   *     hide it, as x / ∞ is 0
   */
  public static void rmsNorm(
      String operation,
      double[] x,
      int from,
      double[] weight,
      double epsilon,
      double[] y,
      int yFrom) {
    int length = weight.length;
    double squares = dot(x, from, x, from, length);
    if (!Double.isFinite(squares)) {
      throw new ExactRangeException(
          operation + ": a sum of squares is " + squares + ", expected a finite number");
    }
    double rms = StrictMath.sqrt(squares / length + epsilon);
    for (int i = 0; i < length; i++) {
      y[yFrom + i] = x[from + i] / rms * weight[i];
    }
  }

  /**
   * Multiplies one vector with a matrix: {@code to[c] = Σ a[i]·rows[i][c]}. Each sum is added in
   * the order of {@link #dot}.
   *
   * @param a holds {@code [length]} from index {@code aFrom} on
   * @param rows holds {@code [length, width]} from index {@code rowsFrom} on
   * @param to receives {@code [width]} from index {@code toFrom} on
   */
  public static void combineRows(
      double[] a,
      int aFrom,
      int length,
      double[] rows,
      int rowsFrom,
      double[] to,
      int toFrom,
      int width) {
    Arrays.fill(to, toFrom, toFrom + width, 0.0);
    for (int i = 0; i < length; i++) {
      double factor = a[aFrom + i];
      int row = rowsFrom + i * width;
      for (int c = 0; c < width; c++) {
        to[toFrom + c] = Math.fma(factor, rows[row + c], to[toFrom + c]);
      }
    }
  }

  /**
   * Computes the dot products of one vector with several that stand one after the other.
   *
   * @param a holds {@code [length]} from index {@code aFrom} on
   * @param rows holds {@code [count, length]} from index {@code rowsFrom} on
   * @param to receives {@code [count]} from index {@code toFrom} on
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
    for (; row + 8 <= count; row += 8) {
      eight(a, aFrom, length, rows, rowsFrom + row * length, to, toFrom + row);
    }
    for (; row < count; row++) {
      to[toFrom + row] = dot(a, aFrom, rows, rowsFrom + row * length, length);
    }
  }

  /**
   * Computes eight sums at once: a core starts two multiply-adds a cycle, and the next one of the
   * same sum has to wait four cycles.
   */
  private static void eight(
      double[] a, int aFrom, int length, double[] rows, int from, double[] to, int toFrom) {
    double sum0 = 0.0;
    double sum1 = 0.0;
    double sum2 = 0.0;
    double sum3 = 0.0;
    double sum4 = 0.0;
    double sum5 = 0.0;
    double sum6 = 0.0;
    double sum7 = 0.0;
    int from4 = from + 4 * length;
    for (int i = 0; i < length; i++) {
      double x = a[aFrom + i];
      sum0 = Math.fma(x, rows[from + i], sum0);
      sum1 = Math.fma(x, rows[from + length + i], sum1);
      sum2 = Math.fma(x, rows[from + 2 * length + i], sum2);
      sum3 = Math.fma(x, rows[from + 3 * length + i], sum3);
      sum4 = Math.fma(x, rows[from4 + i], sum4);
      sum5 = Math.fma(x, rows[from4 + length + i], sum5);
      sum6 = Math.fma(x, rows[from4 + 2 * length + i], sum6);
      sum7 = Math.fma(x, rows[from4 + 3 * length + i], sum7);
    }
    to[toFrom] = sum0;
    to[toFrom + 1] = sum1;
    to[toFrom + 2] = sum2;
    to[toFrom + 3] = sum3;
    to[toFrom + 4] = sum4;
    to[toFrom + 5] = sum5;
    to[toFrom + 6] = sum6;
    to[toFrom + 7] = sum7;
  }

  /**
   * Computes the dot products of one vector with all rows of a matrix that is given by its columns:
   * {@code to[row] = Σ a[aFrom+i]·columns[i][row]}. Each row's sum takes its terms in the same
   * order as {@link #dot}. The rows in one vector instruction are independent of each other.
   *
   * @param to {@code [count]}, as long as each column
   */
  static void dotsByColumns(double[] a, int aFrom, List<double[]> columns, double[] to) {
    Arrays.fill(to, 0.0);
    int i = 0;
    for (; i + 4 <= columns.size(); i += 4) {
      addFour(a, aFrom + i, columns, i, to);
    }
    for (; i < columns.size(); i++) {
      double[] column = columns.get(i);
      for (int row = 0; row < to.length; row++) {
        to[row] = Math.fma(a[aFrom + i], column[row], to[row]);
      }
    }
  }

  private static void addFour(double[] a, int at, List<double[]> columns, int first, double[] to) {
    double x0 = a[at];
    double x1 = a[at + 1];
    double x2 = a[at + 2];
    double x3 = a[at + 3];
    double[] column0 = columns.get(first);
    double[] column1 = columns.get(first + 1);
    double[] column2 = columns.get(first + 2);
    double[] column3 = columns.get(first + 3);
    for (int row = 0; row < to.length; row++) {
      double sum = Math.fma(x0, column0[row], to[row]);
      sum = Math.fma(x1, column1[row], sum);
      sum = Math.fma(x2, column2[row], sum);
      to[row] = Math.fma(x3, column3[row], sum);
    }
  }
}
