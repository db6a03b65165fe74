package dev.helix.tensor.fp64;

import static org.bytedeco.openblas.global.openblas.CblasNoTrans;
import static org.bytedeco.openblas.global.openblas.CblasRowMajor;
import static org.bytedeco.openblas.global.openblas.CblasTrans;
import static org.bytedeco.openblas.global.openblas.cblas_ddot;
import static org.bytedeco.openblas.global.openblas.cblas_dgemm;
import static org.bytedeco.openblas.global.openblas.cblas_dgemv;

import java.lang.ref.Reference;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.openblas.global.openblas;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The matrix products of the {@code fp64} reading: ND4J's BLAS through its row-major C interface.
 *
 * <p>ND4J's own {@code mmul} costs 50 to 100 µs a call before it multiplies, chooses the order of
 * its result by its operands, and refuses empty ones. The C interface costs about 1 µs and does
 * exactly what it is told. BLAS adds in the order that its kernel for the shape takes. So a sum is
 * within γₙ of the true value, but differs with the way in which a layout splits the operands.
 */
public final class Blas {
  static {
    // ND4J loads and configures the library. As ranks are threads, each takes one BLAS thread.
    Nd4j.getBackend();
    openblas.blas_set_num_threads(1);
  }

  private Blas() {}

  /**
   * Computes c = a·bᵀ.
   *
   * @param a holds {@code [rows, inner]} from element {@code aFrom} on
   * @param b holds {@code [columns, inner]} from element {@code bFrom} on
   * @param c receives {@code [rows, columns]} from element {@code cFrom} on
   */
  public static void timesTransposed(
      int rows,
      int columns,
      int inner,
      Fp64Memory.Region a,
      long aFrom,
      Fp64Memory.Region b,
      long bFrom,
      Fp64Memory.Region c,
      long cFrom) {
    requireInside("a", a, aFrom, rows, inner);
    requireInside("b", b, bFrom, columns, inner);
    requireInside("c", c, cFrom, rows, columns);
    c.requireWritable();
    if (rows == 0 || columns == 0) {
      return;
    }
    if (inner == 0) {
      fillZero(c, cFrom, (long) rows * columns);
      return;
    }
    try {
      if (rows == 1) {
        // gemm would first copy b into its own blocks, which costs more than one product with it.
        cblas_dgemv(
            CblasRowMajor,
            CblasNoTrans,
            columns,
            inner,
            1.0,
            b.pointer(bFrom),
            inner,
            a.pointer(aFrom),
            1,
            0.0,
            c.pointer(cFrom),
            1);
      } else {
        cblas_dgemm(
            CblasRowMajor,
            CblasNoTrans,
            CblasTrans,
            rows,
            columns,
            inner,
            1.0,
            a.pointer(aFrom),
            inner,
            b.pointer(bFrom),
            inner,
            0.0,
            c.pointer(cFrom),
            columns);
      }
    } finally {
      Reference.reachabilityFence(a);
      Reference.reachabilityFence(b);
      Reference.reachabilityFence(c);
    }
  }

  /**
   * Computes c += a·b.
   *
   * @param a holds {@code [rows, inner]} from element {@code aFrom} on
   * @param b holds {@code [inner, columns]} from element {@code bFrom} on
   * @param c holds {@code [rows, columns]} from element {@code cFrom} on
   */
  public static void addTimes(
      int rows,
      int columns,
      int inner,
      Fp64Memory.Region a,
      long aFrom,
      Fp64Memory.Region b,
      long bFrom,
      Fp64Memory.Region c,
      long cFrom) {
    addTimes(rows, columns, inner, a, aFrom, b, bFrom, columns, c, cFrom);
  }

  /**
   * Computes c += a·b, where b is the first columns of a wider matrix.
   *
   * @param a holds {@code [rows, inner]} from element {@code aFrom} on
   * @param b holds {@code [inner, columns]} from element {@code bFrom} on
   * @param bStride elements from one row of b to the next, at least {@code columns}
   * @param c holds {@code [rows, columns]} from element {@code cFrom} on
   */
  public static void addTimes(
      int rows,
      int columns,
      int inner,
      Fp64Memory.Region a,
      long aFrom,
      Fp64Memory.Region b,
      long bFrom,
      int bStride,
      Fp64Memory.Region c,
      long cFrom) {
    requireInside("a", a, aFrom, rows, inner);
    if (bStride < columns) {
      throw new IllegalArgumentException(
          "operand b: rows of %d elements are %d apart".formatted(columns, bStride));
    }
    // The last row may end before its stride does.
    requireInside("b", b, bFrom, Math.max(0, inner - 1), bStride);
    requireInside("b", b, bFrom + (long) Math.max(0, inner - 1) * bStride, 1, columns);
    requireInside("c", c, cFrom, rows, columns);
    c.requireWritable();
    if (rows == 0 || columns == 0 || inner == 0) {
      return;
    }
    try {
      if (rows == 1) {
        cblas_dgemv(
            CblasRowMajor,
            CblasTrans,
            inner,
            columns,
            1.0,
            b.pointer(bFrom),
            bStride,
            a.pointer(aFrom),
            1,
            1.0,
            c.pointer(cFrom),
            1);
      } else {
        cblas_dgemm(
            CblasRowMajor,
            CblasNoTrans,
            CblasNoTrans,
            rows,
            columns,
            inner,
            1.0,
            a.pointer(aFrom),
            inner,
            b.pointer(bFrom),
            bStride,
            1.0,
            c.pointer(cFrom),
            columns);
      }
    } finally {
      Reference.reachabilityFence(a);
      Reference.reachabilityFence(b);
      Reference.reachabilityFence(c);
    }
  }

  /**
   * Reads numbers in their order, so that they are in the cache for the product that follows.
   * Before it multiplies, a product copies its operand and takes several rows at once, which keeps
   * a processor from fetching ahead. A product that reads from memory took a tenth longer than this
   * pass and the product together.
   */
  public static void readOnce(Fp64Memory.Region region, long from, int count) {
    requireInside("read", region, from, 1, count);
    try {
      DoublePointer numbers = region.pointer(from);
      cblas_ddot(count, numbers, 1, numbers, 1);
    } finally {
      Reference.reachabilityFence(region);
    }
  }

  private static void fillZero(Fp64Memory.Region c, long from, long count) {
    for (long i = 0; i < count; i++) {
      c.set(from + i, 0.0);
    }
  }

  /**
   * Checks that an operand lies within its region, because BLAS reads by address and checks
   * nothing.
   */
  private static void requireInside(
      String name, Fp64Memory.Region region, long from, int rows, int columns) {
    long end = from + (long) rows * columns;
    if (rows < 0 || columns < 0 || from < 0 || end > region.length()) {
      throw new IllegalArgumentException(
          "operand %s: elements [%d, %d) of [%d, %d] lie outside of its %d elements"
              .formatted(name, from, end, rows, columns, region.length()));
    }
  }
}
