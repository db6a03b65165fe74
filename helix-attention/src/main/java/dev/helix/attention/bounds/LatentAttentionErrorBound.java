package dev.helix.attention.bounds;

import static dev.helix.attention.baseline.UnshardedAttention.product;
import static dev.helix.tensor.compare.Rounding.SLACK;
import static dev.helix.tensor.compare.Rounding.UNDERFLOW;
import static dev.helix.tensor.compare.Rounding.gamma;

import dev.helix.attention.LatentShape;
import dev.helix.attention.baseline.CachedToken;
import dev.helix.attention.baseline.UnshardedLatentAttention;
import dev.helix.tensor.compare.LinearErrorBound;
import dev.helix.tensor.compare.RmsNormErrorTerms;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Bounds how far rounding alone can put the output of the sharded FP64 program from that of {@link
 * UnshardedLatentAttention}. The former absorbs the up-projections into query and output, and the
 * latter expands them. The bound follows the baseline: {@code step} is called once after each step
 * of the baseline.
 *
 * <p>{@link dev.helix.tensor.compare.Rounding} explains the form of such bounds. With e the bound
 * of the two programs' difference, L = kv_lora, W and V a head's up-projections of key and value, c
 * a normalised latent:
 *
 * <ol>
 *   <li>Projections, norms and rotations: {@link LinearErrorBound}, {@link RmsNormErrorTerms},
 *       {@link RotaryErrorBound}, one after the other.
 *   <li>Scores are qn·(W·cⱼ) + qr·krⱼ in the baseline and (Wᵀ·qn)·cⱼ + qr·krⱼ in the program. Both
 *       are sums of the products qn[i]·W[i,l]·c[l] and qr[i]·kr[i], each of which passes at most n
 *       = L + nope + rope + 2 roundings however it is bracketed; the scale with YaRN's factor and
 *       its application take {@value #SCALE_ROUNDINGS} more. With q̂ = |q| + e_q and so on:
 *       <pre>δⱼ = scale·( e_q|W||cⱼ| + |qn||W|e_cⱼ + e_q|W|e_cⱼ + (the same of qr and kr)
 *            + 2γ_{n+16}·(q̂n|W|ĉⱼ + q̂r·k̂rⱼ) )</pre>
 *   <li>Softmax and merge: {@link SoftmaxErrorBound} with values vⱼ = V·cⱼ, which differ by e_vⱼ =
 *       |V|e_cⱼ + γ_L|V|(|cⱼ| + e_cⱼ), the latter for the baseline's product. The program adds up
 *       latents, so that its errors are relative to |V|ĉⱼ. It applies V to their sum, which adds
 *       2γ_L of the same.
 *   <li>Output projection: {@link LinearErrorBound}, which also covers column slices.
 * </ol>
 */
final class LatentAttentionErrorBound implements StepErrorBound {
  private static final int SCALE_ROUNDINGS = 16;

  private final UnshardedLatentAttention baseline;
  private final LatentShape shape;
  private final int shards;
  private final RotaryErrorBound rotaryBound;
  private final List<Token> tokens = new ArrayList<>();

  LatentAttentionErrorBound(UnshardedLatentAttention baseline, int shards) {
    if (baseline.tokens() != 0) {
      throw new IllegalArgumentException(
          "the baseline is at token %d; the bound must walk with it from the first"
              .formatted(baseline.tokens()));
    }
    if (shards < 1) {
      throw new IllegalArgumentException("shards must be at least 1, got " + shards);
    }
    this.baseline = baseline;
    this.shape = baseline.shape();
    this.shards = shards;
    this.rotaryBound = new RotaryErrorBound(baseline.rotary(), baseline.rope(), shape.ropeDim());
  }

  @Override
  public double[] step(double[] x, double[] xError) {
    int position = tokens.size();
    if (baseline.tokens() != position + 1) {
      throw new IllegalStateException(
          "the baseline has made %d steps and its bound %d; call it after each step"
              .formatted(baseline.tokens(), position));
    }
    tokens.add(token(x, xError, position));
    double[] input = baseline.queryInput(x);
    double[] q = product(baseline.weights().query(), input);
    double[] qError =
        LinearErrorBound.of(baseline.weights().query(), input, queryInputError(x, xError));

    double[] heads = new double[shape.heads() * shape.valueDim()];
    double[] headErrors = new double[heads.length];
    for (int head = 0; head < shape.heads(); head++) {
      attend(head, new Query(q, qError, head * shape.queryDim(), position), heads, headErrors);
    }
    return LinearErrorBound.of(baseline.weights().output(), heads, headErrors);
  }

  private double[] queryInputError(double[] x, double[] xError) {
    return baseline
        .weights()
        .compression()
        .map(
            c ->
                RmsNormErrorTerms.of(
                    product(c.down(), x),
                    LinearErrorBound.of(c.down(), x, xError),
                    c.norm(),
                    baseline.epsilon()))
        .orElse(xError);
  }

  @Override
  public CachedTokenBound cached(double[] x, double[] xError) {
    Token token = computed(x, xError, tokens.size());
    return new CachedTokenBound(
        new CachedToken(baseline.entry(token.latent, token.key), new double[0]),
        new CachedToken(baseline.entry(token.latentError, token.keyError), new double[0]));
  }

  /** The present token. Both programs read the same bits of a quantised cache. */
  private Token token(double[] x, double[] xError, int position) {
    return baseline
        .given(position)
        .map(
            entry ->
                new Token(
                    Arrays.copyOf(entry.keys(), shape.latent()),
                    new double[shape.latent()],
                    baseline.halves(entry.keys(), shape.latent()),
                    new double[shape.ropeDim()]))
        .orElseGet(() -> computed(x, xError, position));
  }

  private Token computed(double[] x, double[] xError, int position) {
    double[] entry = product(baseline.weights().entry(), x);
    double[] entryError = LinearErrorBound.of(baseline.weights().entry(), x, xError);
    double[] norm = baseline.weights().latentNorm();
    double[] latent = Arrays.copyOf(entry, shape.latent());
    double[] latentError = Arrays.copyOf(entryError, shape.latent());
    double[] key = baseline.halves(entry, shape.latent());
    double[] keyError = baseline.halves(entryError, shape.latent());
    return new Token(
        baseline.normed(latent, norm),
        RmsNormErrorTerms.of(latent, latentError, norm, baseline.epsilon()),
        baseline.rotary().rotated(key, position),
        rotaryBound.of(key, keyError, position));
  }

  /** Computes one head's output and its bound. */
  private void attend(int head, Query query, double[] heads, double[] headErrors) {
    double scale = baseline.scale();
    int upFrom = head * shape.upRows();
    // Each component of a latent is multiplied with these: Wᵀ·qn, |Wᵀ|·|qn|, |Wᵀ|·e_q.
    double[] through = new double[shape.latent()];
    double[] throughMagnitude = new double[shape.latent()];
    double[] throughError = new double[shape.latent()];
    for (int i = 0; i < shape.nopeDim(); i++) {
      for (int l = 0; l < shape.latent(); l++) {
        double weight = baseline.weights().up()[(upFrom + i) * shape.latent() + l];
        through[l] += weight * query.nope[i];
        throughMagnitude[l] += Math.abs(weight) * Math.abs(query.nope[i]);
        throughError[l] += Math.abs(weight) * query.nopeError[i];
      }
    }
    int products = shape.latent() + shape.nopeDim() + shape.ropeDim() + 2;
    double rounding = 2 * gamma(products + SCALE_ROUNDINGS);
    double[] scores = new double[tokens.size()];
    double[] scoreErrors = new double[tokens.size()];
    for (int j = 0; j < scores.length; j++) {
      Token token = tokens.get(j);
      Dot dot = new Dot();
      dot.add(through, throughMagnitude, throughError, token.latent, token.latentError);
      double[] rope = query.rope;
      dot.add(rope, absolute(rope), query.ropeError, token.key, token.keyError);
      scores[j] = dot.value * scale;
      scoreErrors[j] =
          SLACK
              * (scale * (dot.propagated + rounding * dot.magnitude)
                  + 2.0 * products * shape.nopeDim() * UNDERFLOW);
    }
    values(head, new SoftmaxErrorBound(scores, scoreErrors, shards), heads, headErrors);
  }

  private void values(int head, SoftmaxErrorBound bound, double[] heads, double[] headErrors) {
    int count = tokens.size();
    double[] values = new double[count];
    double[] errors = new double[count];
    double[] magnitudes = new double[count];
    double gamma = gamma(shape.latent());
    for (int i = 0; i < shape.valueDim(); i++) {
      int row = (head * shape.upRows() + shape.nopeDim() + i) * shape.latent();
      for (int j = 0; j < count; j++) {
        Token token = tokens.get(j);
        double magnitude = 0;
        double propagated = 0;
        double rowSum = 0;
        for (int l = 0; l < shape.latent(); l++) {
          double weight = Math.abs(baseline.weights().up()[row + l]);
          rowSum += weight;
          propagated += weight * token.latentError[l];
          magnitude += weight * (Math.abs(token.latent[l]) + token.latentError[l]);
        }
        values[j] = baseline.value(j)[head * shape.valueDim() + i];
        // The program's own weighted latents may underflow too, each by 2^−1074, before V is
        // applied.
        double underflow = 4.0 * (count + shards) * (shape.latent() + rowSum) * UNDERFLOW;
        errors[j] = propagated + gamma * magnitude + underflow;
        magnitudes[j] = magnitude + errors[j];
      }
      heads[head * shape.valueDim() + i] = bound.output(values);
      headErrors[head * shape.valueDim() + i] = bound.of(values, errors, magnitudes, 2 * gamma);
    }
  }

  private static double[] absolute(double[] x) {
    return Arrays.stream(x).map(Math::abs).toArray();
  }

  /**
   * A sum of products, with the sum of their magnitudes and the effect of the inputs' errors on it.
   */
  private static final class Dot {
    double value;
    double magnitude;
    double propagated;

    void add(double[] a, double[] aMagnitude, double[] aError, double[] b, double[] bError) {
      for (int i = 0; i < a.length; i++) {
        value += a[i] * b[i];
        propagated +=
            aError[i] * Math.abs(b[i]) + aMagnitude[i] * bError[i] + aError[i] * bError[i];
        magnitude += (aMagnitude[i] + aError[i]) * (Math.abs(b[i]) + bError[i]);
      }
    }
  }

  /** One head's query with its bounds; the rotary part is rotated. */
  private final class Query {
    final double[] nope;
    final double[] nopeError;
    final double[] rope;
    final double[] ropeError;

    Query(double[] q, double[] qError, int from, int position) {
      int turned = from + shape.nopeDim();
      nope = Arrays.copyOfRange(q, from, turned);
      nopeError = Arrays.copyOfRange(qError, from, turned);
      rope = baseline.rotated(q, turned, position);
      ropeError =
          rotaryBound.of(baseline.halves(q, turned), baseline.halves(qError, turned), position);
    }
  }

  /** One token's normalised latent and rotated key, with their bounds. */
  private static final class Token {
    final double[] latent;
    final double[] latentError;
    final double[] key;
    final double[] keyError;

    Token(double[] latent, double[] latentError, double[] key, double[] keyError) {
      this.latent = latent;
      this.latentError = latentError;
      this.key = key;
      this.keyError = keyError;
    }
  }
}
