package dev.helix.laws.attention;

import dev.helix.attention.convention.Convention;
import dev.helix.attention.convention.Precision;
import dev.helix.laws.reference.FiftyDigits;
import dev.helix.laws.reference.MergeReference;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;

/**
 * Partial attention of one token's head in 50 digits, as the merge of its tokens.
 *
 * <p><b>The bound</b> is that of {@link MergeReference}, with more for the exponent of a token, of
 * score s and ALiBi term b, keys of d components, n tokens in sight, F the ulps of exponentials, in
 * units of u:
 *
 * <ul>
 *   <li>(d + 6)·scale·Σ|q||k|: d products and their sum in any order; two scales, multiplied with
 *       each other or onto queries, keys and products; log₂e, itself rounded, for another base; the
 *       quotient by a cap, whose error tanh does not increase;
 *   <li>with a cap 8|s|: a tanh within 3 ulps, the product with the cap, one to spare;
 *   <li>with ALiBi 4|b| + 2|s|: the slope in another base, its product with the distance, the
 *       difference;
 *   <li>n·(2F + 2): what is summed so far is rescaled with each new maximum, at most n times, each
 *       an exponential, a product and a sum. It is far more than what products below the format's
 *       smallest number lose.
 * </ul>
 */
final class AttentionReference {
  private AttentionReference() {}

  static MergeReference of(Convention convention, AttentionInput input, int token, int head) {
    AttentionCase given = input.given;
    double unit = Precision.unit(convention.precision().lse());
    double functions = 2 * convention.functionUlps() + 2;
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
      double size = Math.abs(score.doubleValue());
      errors.add(
          (given.keyDim() + 6) * scale * magnitude
              + (given.softCap() == 0 ? 0 : 8 * size)
              + (given.alibiSlopes().length == 0 ? 0 : 4 * Math.abs(bias) + 2 * size));
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
      errors.add(2 * Math.abs(given.sinks()[head]));
    }
    double rescaled = functions * scores.size();
    List<Double> exponentErrors = errors.stream().map(e -> unit * (e + rescaled)).toList();
    return new MergeReference(convention, scores, values, exponentErrors);
  }

  /** Whether a query sees a token, or a slot of position −1. */
  static boolean visible(AttentionCase given, int position, int query) {
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
