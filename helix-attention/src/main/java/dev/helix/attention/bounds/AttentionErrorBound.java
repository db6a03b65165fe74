package dev.helix.attention.bounds;

import static dev.helix.tensor.compare.Rounding.SLACK;
import static dev.helix.tensor.compare.Rounding.UNDERFLOW;
import static dev.helix.tensor.compare.Rounding.gamma;

import dev.helix.attention.AttentionShape;
import dev.helix.attention.baseline.CachedToken;
import dev.helix.attention.baseline.ScoreFormula;
import dev.helix.attention.baseline.UnshardedAttention;
import dev.helix.tensor.compare.LinearErrorBound;
import java.util.ArrayList;
import java.util.List;

/**
 * Bounds, element by element, how far rounding alone can put the attention output of the sharded
 * FP64 program from that of {@link UnshardedAttention}. It follows the baseline: {@code step} is
 * called once after each step of the baseline.
 *
 * <p>{@link dev.helix.tensor.compare.Rounding} explains the form of such bounds. The list has the
 * terms in the order of the formula, where e always is the bound of the two programs' difference, u
 * = 2<sup>−53</sup> and d = Hsz:
 *
 * <ol>
 *   <li>Projections: e_q = |Wq|(γ_H(2|x| + E) + E), likewise for k and v, by {@link
 *       LinearErrorBound}.
 *   <li>Rotation of q and k, with errors of angle, cosine and sine: {@link RotaryErrorBound}. For
 *       keys and values that the baseline was given, e_k = e_v = 0: both programs read the same
 *       bits of a quantised cache.
 *   <li>Scores: δⱼ = (e_q·|kⱼ| + |q|·e_kⱼ + e_q·e_kⱼ + 2γ_{d+4}·(|q| + e_q)·(|kⱼ| + e_kⱼ)) / √d.
 *       The dot product in any order is γ_d of |q|·|kⱼ|; the scale and its application, to the
 *       query or to the score, take three roundings. One more, of at least u|s|, is for a program
 *       that splits the exponent of exp(s) before it subtracts.
 *   <li>What a {@link dev.helix.attention.ScoreRule} does to scores: {@link ScoreErrorBound}.
 *       Tokens outside of a window are in no sum; a sink is a token with a value of 0.
 *   <li>Softmax and merge by log-sum-exp over N shards of any size: {@link SoftmaxErrorBound}.
 *   <li>Output projection: |Wo|(γ_n(2|o| + e_o) + e_o), n = Q·d, which also covers N column slices
 *       that are summed in rank order.
 * </ol>
 *
 * <p>The bound makes these assumptions on the sharded program: it computes in double precision with
 * natural exponentials and logarithms, each within one ulp; it forms a shard's LSE from the sum
 * that its output was normalised by; and it merges all shards at once. It may keep a running
 * maximum over tiles of 64 tokens or more, and send (maximum, sum) pairs instead of LSEs, or
 * outputs that are not normalised: the errors are no larger. Trees of merges and base-2
 * exponentials are not covered. Neither is a lower precision anywhere: a program that has one
 * exceeds the bound.
 */
public final class AttentionErrorBound implements StepErrorBound {
  private final UnshardedAttention baseline;
  private final int shards;
  private final RotaryErrorBound rotaryBound;
  private final List<double[]> keyErrors = new ArrayList<>();
  private final List<double[]> valueErrors = new ArrayList<>();

  /**
   * Creates the bound that follows a baseline.
   *
   * @param baseline the baseline to follow, before its first step
   * @param shards N, the most parts that the cache is divided into; a larger number is safe, but
   *     loosens the bound
   */
  public AttentionErrorBound(UnshardedAttention baseline, int shards) {
    if (baseline.tokens() != 0) {
      throw new IllegalArgumentException(
          "the baseline is at token %d; the bound must walk with it from the first"
              .formatted(baseline.tokens()));
    }
    if (shards < 1) {
      throw new IllegalArgumentException("shards must be at least 1, got " + shards);
    }
    this.baseline = baseline;
    this.shards = shards;
    this.rotaryBound =
        new RotaryErrorBound(
            baseline.rotary(), baseline.ropeParameters(), baseline.shape().headDim());
  }

  /**
   * The bound for programs that start from the same x: {@link #step(double[], double[])} with E =
   * 0.
   */
  public double[] step(double[] x) {
    return step(x, new double[x.length]);
  }

  /**
   * The bound of the output that the baseline's last step returned.
   *
   * @param x {@code [hidden]}, as given to the baseline
   * @param xError E, {@code [hidden]}: bound of the difference between the sharded program's
   *     normalised input and x. Its effect on this token's key and value is remembered
   * @return {@code [hidden]}
   * @throws IllegalStateException if the baseline has not made exactly one step since the last call
   */
  @Override
  public double[] step(double[] x, double[] xError) {
    int position = keyErrors.size();
    if (baseline.tokens() != position + 1) {
      throw new IllegalStateException(
          "the baseline has made %d steps and its bound %d; call it after each step"
              .formatted(baseline.tokens(), position));
    }
    double[] q = UnshardedAttention.product(baseline.queryWeight(), x);
    double[] qError = LinearErrorBound.of(baseline.queryWeight(), x, xError);
    if (baseline.isGiven(position)) {
      // Both programs read the same numbers from the cache.
      keyErrors.add(new double[baseline.key(position).length]);
      valueErrors.add(new double[baseline.value(position).length]);
    } else {
      CachedToken bounds = cached(x, xError).bounds();
      keyErrors.add(bounds.keys());
      valueErrors.add(bounds.values());
    }

    double[] rotated = baseline.rotary().rotated(q, position);
    double[] rotatedError = rotaryBound.of(q, qError, position);
    AttentionShape shape = baseline.shape();
    double[] heads = new double[shape.queryHeads() * shape.headDim()];
    double[] headErrors = new double[heads.length];
    for (int head = 0; head < shape.queryHeads(); head++) {
      attend(head, rotated, rotatedError, heads, headErrors);
    }
    return LinearErrorBound.of(baseline.outputWeight(), heads, headErrors);
  }

  @Override
  public CachedTokenBound cached(double[] x, double[] xError) {
    int position = keyErrors.size();
    double[] k = UnshardedAttention.product(baseline.keyWeight(), x);
    double[] kError = LinearErrorBound.of(baseline.keyWeight(), x, xError);
    return new CachedTokenBound(
        new CachedToken(
            baseline.rotary().rotated(k, position),
            UnshardedAttention.product(baseline.valueWeight(), x)),
        new CachedToken(
            rotaryBound.of(k, kError, position),
            LinearErrorBound.of(baseline.valueWeight(), x, xError)));
  }

  /** Computes one head's output and its bound. */
  private void attend(int head, double[] q, double[] qError, double[] heads, double[] headErrors) {
    int tokens = keyErrors.size();
    ScoreFormula formula = baseline.formula();
    int first = formula.firstVisible(tokens);
    int visible = tokens - first;
    double[] sink = formula.sink(head).stream().toArray();
    int headDim = baseline.shape().headDim();
    int qOffset = head * headDim;
    int kvOffset = baseline.kvOffset(head);
    double[] scores = new double[visible + sink.length];
    double[] scoreErrors = new double[scores.length];
    for (int j = first; j < tokens; j++) {
      double[] key = baseline.key(j);
      double[] keyError = keyErrors.get(j);
      double dot = 0;
      double propagated = 0;
      double magnitude = 0;
      for (int c = 0; c < headDim; c++) {
        double a = q[qOffset + c];
        double b = key[kvOffset + c];
        double aError = qError[qOffset + c];
        double bError = keyError[kvOffset + c];
        dot += a * b;
        propagated += aError * Math.abs(b) + Math.abs(a) * bError + aError * bError;
        magnitude += (Math.abs(a) + aError) * (Math.abs(b) + bError);
      }
      double scaledError =
          SLACK
              * (Math.abs(formula.scaled(propagated + 2 * gamma(headDim + 4) * magnitude))
                  + 2.0 * headDim * UNDERFLOW);
      int distance = tokens - 1 - j;
      scores[j - first] = formula.of(dot, head, distance);
      scoreErrors[j - first] = new ScoreErrorBound(formula).of(dot, scaledError, head, distance);
    }
    if (sink.length > 0) {
      scores[visible] = sink[0];
      scoreErrors[visible] = ScoreErrorBound.ofSink(sink[0]);
    }
    SoftmaxErrorBound bound =
        new SoftmaxErrorBound(scores, scoreErrors, shards, formula.isWindowed() ? 1 : 0);
    double[] values = new double[scores.length];
    double[] errors = new double[scores.length];
    for (int c = 0; c < headDim; c++) {
      for (int j = first; j < tokens; j++) {
        values[j - first] = baseline.value(j)[kvOffset + c];
        errors[j - first] = valueErrors.get(j)[kvOffset + c];
      }
      heads[qOffset + c] = bound.output(values);
      headErrors[qOffset + c] = bound.of(values, errors);
    }
  }
}
