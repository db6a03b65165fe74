package dev.helix.attention.bounds;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.helix.attention.bounds.KernelErrorBound.Row;
import dev.helix.attention.convention.KernelRoundings;
import dev.helix.tensor.DType;
import org.junit.jupiter.api.Test;

/**
 * Each term of the bound of a kernel where it is the one that counts. A careful kernel errs by much
 * less, so no run shows that a term is too small.
 */
final class KernelErrorBoundTest {
  private static final int DIM = 124;

  /** The unit roundoff of FP32, and of BF16, in which weights and outputs are. */
  private static final double UNIT = 0x1p-24;

  private static final double WEIGHT = 0x1p-8;

  private static final KernelErrorBound ANY_ORDER = bound(KernelRoundings.ANY_ORDER);

  private static KernelErrorBound bound(long longestSum) {
    return new KernelErrorBound(
        new KernelRoundings(DType.F32, DType.BF16, DType.BF16, 2, longestSum), DIM);
  }

  /** A sum of d products on a tensor core, where an addition costs two roundings. */
  @Test
  void aScoreIsAsWrongAsItsDotProduct() {
    assertIs(2 * (DIM + 4) * UNIT * 7, ANY_ORDER.score(7, 0.1, 0, false));
  }

  @Test
  void aBiasCostsThreeRoundingsAndOneOfTheScore() {
    assertIs(UNIT * (3 * 5000 + 100), ANY_ORDER.score(0, 100, 5000, false));
  }

  @Test
  void aSoftCapCostsTheTangentOfTheGpu() {
    assertIs(0x1p-11 * 100, ANY_ORDER.score(0, 100, 0, true));
  }

  /** 18 A in the exponents, 6 A in the log-sum-exp itself. */
  @Test
  void greatScoresCostTheRoundingsOfTheirDifferences() {
    assertIs(24 * 500 * UNIT, ANY_ORDER.lse(new Row(1, 500, 0, 0)), 0.01);
  }

  /** For each token two roundings of the sum, and for each tile of 16 a rescaling: 2F + 1. */
  @Test
  void manyTokensCostTheirSumAndOneRescalingForEachTile() {
    long tokens = 1 << 14;
    double perTile = 2 * 2 + 1;
    assertIs(UNIT * tokens * (2 + perTile / 16), ANY_ORDER.lse(new Row(tokens, 0, 0, 0)), 0.02);
    // A promise counts for the sum from its length on, and for the tiles from 16 times that on.
    assertIs(UNIT * (2 * 256 + 256 * perTile), bound(256).lse(new Row(tokens, 0, 0, 0)), 0.2);
  }

  @Test
  void errorsOfScoresCountByTheirMeanInTheLogSumExpAndByTheLargestInTheOutput() {
    Row row = new Row(1, 0, 1e-3, 4e-3);
    assertIs(1e-3, ANY_ORDER.lse(row), 0.02);
    double shared = Math.expm1(4e-3) * Math.exp(4e-3) * 3;
    // Σ pⱼ|vⱼ| = 3 and o = 0; the rest is w, the weight's own rounding.
    assertIs(shared + WEIGHT * 3, ANY_ORDER.output(row, 0, 3, 1), 0.01);
  }

  @Test
  void theOutputIsRoundedOnce() {
    // Nothing but o itself, whose sums and rounding count.
    assertIs(WEIGHT * 8, ANY_ORDER.output(new Row(1, 0, 0, 0), 8, 0, 1), 0.01);
  }

  /** A weight that is flushed to 0 loses up to the smallest normal number of BF16. */
  @Test
  void weightsThatUnderflowCostTheirNumberTimesTheLargestValue() {
    double bound = ANY_ORDER.output(new Row(1000, 0, 0, 0), 0, 0, 1e38);
    assertIs(1000 * 0x1p-126 * 1e38, bound);
  }

  @Test
  void aSumThatMayLoseEverythingHasNoBound() {
    Row row = new Row(1 << 23, 0, 0, 0);
    assertEquals(Double.POSITIVE_INFINITY, ANY_ORDER.lse(row));
    assertEquals(Double.POSITIVE_INFINITY, ANY_ORDER.output(row, 0, 1, 1));
    assertTrue(Double.isFinite(bound(1024).output(row, 0, 1, 1)));
  }

  private static void assertIs(double formula, double bound) {
    assertIs(formula, bound, 0.003);
  }

  /** The bound is the formula, and up to a share more, for what is small beside it. */
  private static void assertIs(double formula, double bound, double more) {
    assertTrue(bound >= formula && bound <= (1 + more) * formula, bound + " and not " + formula);
  }
}
