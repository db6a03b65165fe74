package dev.helix.laws.attention;

import dev.helix.laws.Precision;
import dev.helix.laws.merge.Convention;
import dev.helix.laws.merge.FiftyDigits;
import dev.helix.laws.merge.MergeReference;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;

/**
 * Partial attention of one token's head in 50 digits, as the merge of its tokens. The bound is that
 * of {@link MergeReference}, with more for a score: u·((d + 8)·scale·Σ|q||k| + 16|s| + 16|b| + 16),
 * for d products and sums, the scales, a tanh within a few ulps, and an ALiBi term b taken off.
 */
final class AttentionReference {
  private AttentionReference() {}

  static MergeReference of(Convention convention, AttentionInput input, int token, int head) {
    AttentionCase given = input.given;
    double unit = Precision.unit(convention.precision().lse());
    List<BigDecimal> scores = new ArrayList<>();
    List<double[]> values = new ArrayList<>();
    List<Double> errors = new ArrayList<>();
    int kvHead = head / (given.heads() / given.kvHeads());
    int[] positions = input.slotPositions();
    double[] keys = input.keys();
    double[] allValues = input.values();
    int query = given.queryPositions()[token];
    for (int slot = 0; slot < positions.length; slot++) {
      if (!visible(given, positions[slot], query)) {
        continue;
      }
      BigDecimal dot = BigDecimal.ZERO;
      double magnitude = 0;
      for (int i = 0; i < given.keyDim(); i++) {
        double q = given.queries()[(token * given.heads() + head) * given.keyDim() + i];
        double k = keys[(slot * given.kvHeads() + kvHead) * given.keyDim() + i];
        dot = dot.add(new BigDecimal(q).multiply(new BigDecimal(k)));
        magnitude += Math.abs(q * k);
      }
      double scale = given.scale() * given.keyScale();
      BigDecimal score =
          capped(dot.multiply(new BigDecimal(scale), FiftyDigits.DIGITS), given.softCap());
      double bias =
          given.alibiSlopes().length == 0
              ? 0
              : given.alibiSlopes()[head] * (query - positions[slot]);
      if (given.alibiSlopes().length > 0) {
        BigDecimal slope = new BigDecimal(given.alibiSlopes()[head]);
        score = score.subtract(slope.multiply(BigDecimal.valueOf(query - positions[slot])));
      }
      scores.add(score);
      errors.add(
          unit
              * ((given.keyDim() + 8) * scale * magnitude
                  + 16 * Math.abs(score.doubleValue())
                  + 16 * Math.abs(bias)
                  + 16));
      double[] value = new double[given.valueDim()];
      for (int i = 0; i < value.length; i++) {
        value[i] =
            given.valueScale()
                * allValues[(slot * given.kvHeads() + kvHead) * given.valueDim() + i];
      }
      values.add(value);
    }
    if (input.countsSink() && given.sinks().length > 0) {
      scores.add(new BigDecimal(given.sinks()[head]));
      values.add(new double[given.valueDim()]);
      errors.add(16 * unit);
    }
    return new MergeReference(convention, scores, values, errors, given.valueDim());
  }

  private static boolean visible(AttentionCase given, int position, int query) {
    return position >= 0
        && position <= query
        && (given.window() == 0 || position > query - given.window());
  }

  private static BigDecimal capped(BigDecimal score, double cap) {
    if (cap == 0) {
      return score;
    }
    BigDecimal c = new BigDecimal(cap);
    return c.multiply(FiftyDigits.tanh(score.divide(c, FiftyDigits.DIGITS)));
  }
}
