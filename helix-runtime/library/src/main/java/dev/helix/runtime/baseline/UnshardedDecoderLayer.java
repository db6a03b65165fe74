package dev.helix.runtime.baseline;

import dev.helix.attention.baseline.BaselineAttention;
import dev.helix.attention.baseline.CachedToken;
import dev.helix.ffn.baseline.BaselineFfn;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * One pre-norm decoder layer for one request:
 *
 * <pre>
 * mid = h + attention(norm(h))
 * out = mid + ffn(norm(mid))
 * </pre>
 *
 * <p>It holds the request's keys and values of this layer, and is not thread-safe.
 */
public final class UnshardedDecoderLayer {
  private final UnshardedRmsNorm attentionNorm;
  private final BaselineAttention attention;
  private final UnshardedRmsNorm ffnNorm;
  private final BaselineFfn ffn;

  public UnshardedDecoderLayer(
      UnshardedRmsNorm attentionNorm,
      BaselineAttention attention,
      UnshardedRmsNorm ffnNorm,
      BaselineFfn ffn) {
    this.attentionNorm = attentionNorm;
    this.attention = attention;
    this.ffnNorm = ffnNorm;
    this.ffn = ffn;
  }

  /**
   * Decodes the next position.
   *
   * @param h {@code [hidden]}, the residual stream before the layer
   * @return {@code [hidden]}, the residual stream after the layer
   */
  public double[] step(double[] h) {
    return step(h, part -> part, Given.NOTHING, part -> part);
  }

  /**
   * Decodes the next position, and changes the outputs of attention and FFN on the way.
   *
   * @param attentionChange takes the attention output, {@code [hidden]}, and returns what replaces
   *     it
   * @param given what the layer does not decide itself
   * @param ffnChange takes the FFN output, {@code [hidden]}, and returns what replaces it
   */
  double[] step(
      double[] h,
      UnaryOperator<double[]> attentionChange,
      Given given,
      UnaryOperator<double[]> ffnChange) {
    double[] attended = attention.step(attentionNorm.apply(h), given.cached());
    double[] mid = sum(h, attentionChange.apply(attended));
    return sum(mid, ffnChange.apply(ffn.apply(ffnNorm.apply(mid), given.experts())));
  }

  /**
   * The decisions of another run for a token, where rounding may decide.
   *
   * @param experts chosen for the FFN; empty to leave the choice to its router
   * @param cached what the cache holds of the token; empty if it is what the layer computes
   */
  record Given(List<Integer> experts, Optional<CachedToken> cached) {
    static final Given NOTHING = new Given(List.of(), Optional.empty());
  }

  static double[] sum(double[] x, double[] y) {
    double[] sum = new double[x.length];
    for (int i = 0; i < sum.length; i++) {
      sum[i] = x[i] + y[i];
    }
    return sum;
  }

  // The replay reads the following.

  UnshardedRmsNorm attentionNorm() {
    return attentionNorm;
  }

  BaselineAttention attention() {
    return attention;
  }

  UnshardedRmsNorm ffnNorm() {
    return ffnNorm;
  }

  BaselineFfn ffn() {
    return ffn;
  }
}
