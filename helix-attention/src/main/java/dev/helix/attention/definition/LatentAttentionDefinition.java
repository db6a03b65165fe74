package dev.helix.attention.definition;

import dev.helix.tensor.exact.definition.LinearDefinition;

/**
 * Defines the exact latent attention (MLA) of one head over all of its tokens, in any order. It is
 * the absorbed form, as decoders compute it: cache entries (c, k_r) serve all heads as they are.
 *
 * <pre>
 * aᵢ = Σₙ W_k[n,i]·qₙ                 the key up-projection on the query's side
 * sⱼ = scale · ((a, q_r)·(cⱼ, k_rⱼ))   latent components first, then rotary ones
 * o = Σⱼ pⱼ·cⱼ / Σⱼ pⱼ                 pⱼ and the one rounding as {@link AttentionDefinition} says
 * yₘ = Σᵢ W_v[m,i]·oᵢ                  the value up-projection behind the softmax
 * </pre>
 *
 * <p>The sums of the first, second and fourth line are dot products in fixed order.
 *
 * <p><b>Difference from the textbook.</b> The textbook expands keys W_k·c and values W_v·c of every
 * token. This is the same function of real numbers, as q·(W_k·c) = (W_kᵀ·q)·c and W_v·Σpc =
 * Σp(W_v·c), with other roundings. Let n, d and r be the components without position, of the latent
 * and of the rotary part. A term in a chain of m multiply-adds passes through at most m roundings,
 * so
 *
 * <pre>
 * |s′ⱼ − sⱼ| ≤ scale·γ(n+d+r+1)·(Σₙᵢ|W_k[n,i]·qₙ·cⱼᵢ| + Σ|q_r·k_rⱼ|) = δⱼ
 * |y′ₘ − yₘ| ≤ Σᵢ|W_v[m,i]|·Eᵢ + γ(d)·Σᵢ|W_v[m,i]|·(|oᵢ| + Eᵢ)
 * </pre>
 *
 * <p>where E is the bound of an attention output whose scores are off by δ, one rounding included.
 * The textbook's own evaluation in doubles has a bound of the same order, with n+r in place of
 * n+d+r, and d for each key. Neither order is better, and no layout changes either.
 */
public final class LatentAttentionDefinition {
  private LatentAttentionDefinition() {}

  /**
   * The attention of one head.
   *
   * @param query {@code [nope]}
   * @param rotaryQuery {@code [rope]}, rotated
   * @param keyUp {@code [nope, latent]}
   * @param valueUp {@code [valueDim, latent]}
   * @param entries {@code [latent + rope]} for each token: the normalised latent, the rotated key
   * @return {@code [valueDim]}
   * @throws ArithmeticException if a score is NaN or beyond ±{@link AttentionDefinition#MAX_SCORE}
   */
  public static double[] attend(
      double[] query,
      double[] rotaryQuery,
      double[] keyUp,
      double[] valueUp,
      double[][] entries,
      double scale) {
    int latent = keyUp.length / query.length;
    double[] absorbed = new double[latent + rotaryQuery.length];
    for (int i = 0; i < latent; i++) {
      double[] column = new double[query.length];
      for (int n = 0; n < column.length; n++) {
        column[n] = keyUp[n * latent + i];
      }
      absorbed[i] = LinearDefinition.dot(query, 0, column, 0, query.length);
    }
    System.arraycopy(rotaryQuery, 0, absorbed, latent, rotaryQuery.length);
    double[] attended = AttentionDefinition.attend(absorbed, entries, entries, scale, latent);
    return LinearDefinition.project(valueUp, attended);
  }
}
