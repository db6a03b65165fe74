package dev.helix.attention.bounds;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.helix.attention.convention.Convention;
import dev.helix.attention.convention.Precision;
import dev.helix.attention.convention.Protocol;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Each term of the bound of a merge where it is the one that counts. A careful merge errs by much
 * less, so no merge shows that a term is too small.
 */
final class MergeBoundTest {
  private static final Convention UNSTATED = Convention.of(Precision.FP32);

  /** The same numbers under a protocol that sums all parts in one call and divides by weights. */
  private static final Convention ONE_CALL =
      UNSTATED.with(UNSTATED.roundings().under(Protocol.ALL_TO_ALL));

  private static final double UNIT = 0x1p-24;
  private static final double GREAT = 1000;

  private static MergeBound bound(Convention convention, double lse, MergedPart... parts) {
    return new MergeBound(convention, lse, List.of(parts), true, 1);
  }

  /** A part of half of the weight. */
  private static MergedPart half(double value) {
    return new MergedPart(0.5, Math.log(2), 0, new double[] {value});
  }

  /** Three roundings in each exponent, and three in the log-sum-exp itself. */
  @Test
  void aGreatLogSumExpIsRoundedThreeTimesInEachMergeOfTwo() {
    assertIs(6 * GREAT * UNIT, bound(UNSTATED, GREAT, half(1), half(1)).lse(1));
    assertIs(5 * 6 * GREAT * UNIT, bound(UNSTATED, GREAT, half(1), half(1)).lse(5));
    MergedPart fifth = new MergedPart(0.2, Math.log(5), 0, new double[] {1});
    MergedPart[] five = Collections.nCopies(5, fifth).toArray(MergedPart[]::new);
    // The first of five parts passes four merges of two.
    assertIs(4 * 6 * GREAT * UNIT, bound(UNSTATED, GREAT, five).lse(1));
  }

  /** The numerator has the exponent's error, and the denominator its mean. */
  @Test
  void theErrorsOfExponentsCountTwiceInTheOutput() {
    MergeBound bound = bound(UNSTATED, GREAT, half(7), half(-7));
    assertIs(2 * 3 * GREAT * UNIT * 7, bound.output(0, 1));
  }

  /** 2g for the difference, 3g for a log-sum-exp between that of the part and the whole. */
  @Test
  void aPartFarBelowTheOthersIsOffByItsGap() {
    MergedPart far = new MergedPart(1, GREAT, 0, new double[] {1});
    assertIs(5 * GREAT * UNIT, bound(UNSTATED, 0, far).lse(1));
    assertIs(2 * GREAT * UNIT, bound(ONE_CALL, 0, far).lse(1));
  }

  /** In L₁ − ln σ(L₁ − L₂) the first part may be the one without weight. */
  @Test
  void theWidestGapCountsInEachMerge() {
    MergedPart whole = new MergedPart(1, 0, 0, new double[] {0});
    MergedPart without = new MergedPart(0, GREAT, 0, new double[] {3});
    assertIs(2 * GREAT * UNIT, bound(UNSTATED, 0, whole, without).lse(1));
    assertIs(4 * UNIT * 3, bound(UNSTATED, 0, whole, without).output(0, 1));
  }

  @Test
  void whatIsWrongBeforeTheMergeStaysWrong() {
    MergedPart wrong = new MergedPart(1, 0, 1e-3, new double[] {1});
    for (Convention convention : List.of(UNSTATED, ONE_CALL)) {
      assertIs(1e-3, bound(convention, 0, wrong).lse(1));
      assertIs(Math.expm1(2e-3), bound(convention, 0, wrong).output(0, 1));
    }
  }

  /** A maximum and a sum: the result is rounded once, and each difference is small. */
  @Test
  void inOneCallAGreatLogSumExpIsRoundedOnce() {
    assertIs(GREAT * UNIT, bound(ONE_CALL, GREAT, half(1), half(1)).lse(1), 0.03);
  }

  private static void assertIs(double formula, double bound) {
    assertIs(formula, bound, 0.02);
  }

  /** The bound is the formula, and up to a share more, for what is small beside it. */
  private static void assertIs(double formula, double bound, double more) {
    assertTrue(bound >= formula && bound <= (1 + more) * formula, bound + " and not " + formula);
  }
}
