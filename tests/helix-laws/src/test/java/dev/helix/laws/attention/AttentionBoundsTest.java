package dev.helix.laws.attention;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.helix.attention.convention.Convention;
import dev.helix.attention.convention.Precision;
import dev.helix.laws.rotary.RotaryAngles;
import java.util.Arrays;
import java.util.EnumSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A bound that everything is within would make a law of nothing. */
class AttentionBoundsTest {
  private static final int MOST_TOKENS = 40;

  /**
   * The hardest are scores of 1e5 in keys of at most three components: their exponents may be off
   * by u·(9 + 3)·1e5, the denominator's too, and what else there is by less than half of it. So
   * outputs are off by less than 4e6·u of the largest value, 4e-10 in double precision and 0.24 in
   * single, where the scores themselves have only 8 digits; elsewhere by far less.
   */
  @ParameterizedTest
  @CsvSource({"FP64, 4e-10, 1e-11", "FP32, 0.24, 1e-2"})
  void theBoundsOfTheHardCasesAreNotVacuous(Precision precision, double most, double median) {
    Convention convention = Convention.of(precision);
    double[] shares =
        AttentionCases.of(precision, EnumSet.allOf(AttentionFeature.class), 1, 0).stream()
            .mapToDouble(given -> largestShare(convention, given))
            .sorted()
            .toArray();
    int cases =
        Arrays.stream(AttentionHardCase.values())
            .mapToInt(hard -> hard.variants(EnumSet.allOf(AttentionFeature.class)))
            .sum();
    assertEquals(cases, shares.length);
    assertTrue(shares[shares.length - 1] <= most, () -> Arrays.toString(shares));
    assertTrue(shares[shares.length / 2] <= median, () -> Arrays.toString(shares));
  }

  /** What a diagnosis takes for the largest score is one, turned components included. */
  @Test
  void noScoreIsLargerThanTheLargestMagnitude() {
    Convention convention = Convention.of(Precision.FP64);
    int scores = 0;
    for (AttentionCase given :
        AttentionCases.of(Precision.FP64, EnumSet.allOf(AttentionFeature.class), 1, 0)) {
      boolean plain = given.alibiSlopes().length == 0 && given.softCap() == 0;
      if (given.rotary().isEmpty() || !plain || given.context() > MOST_TOKENS) {
        continue;
      }
      for (int slot = 0; slot < given.whole().slots(); slot++) {
        AttentionReference reference =
            new AttentionReference(convention, RotaryAngles.IN_FORMAT, given.whole().only(slot));
        AttentionReference.Row row = reference.row(0, 0);
        double largest = reference.largestMagnitude(0) * given.scale() * given.keyScale();
        if (!row.isEmpty()) {
          scores++;
          assertTrue(Math.abs(row.lse().doubleValue()) <= largest * (1 + 0x1p-40), given::toString);
        }
      }
    }
    assertTrue(scores > 0);
  }

  /** The largest bound of a case's outputs as a share of its largest value. */
  private static double largestShare(Convention convention, AttentionCase given) {
    AttentionInput whole = given.whole();
    double largest =
        given.valueScale() * Arrays.stream(given.values()).map(Math::abs).max().orElse(0);
    // Below the smallest normal number there is no relative accuracy to ask for.
    double size = Math.max(largest, Precision.normal(convention.precision().output()));
    double share = 0;
    for (int token = 0; token < given.tokens(); token++) {
      for (int head = 0; head < given.heads(); head++) {
        AttentionReference.Row row =
            new AttentionReference(convention, RotaryAngles.IN_FORMAT, whole).row(token, head);
        for (int i = 0; i < given.valueDim() && !row.isEmpty(); i++) {
          share = Math.max(share, row.outputBound(i) / size);
        }
      }
    }
    return share;
  }
}
