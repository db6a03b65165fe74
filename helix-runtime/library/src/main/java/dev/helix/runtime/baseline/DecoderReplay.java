package dev.helix.runtime.baseline;

import dev.helix.attention.baseline.CachedToken;
import dev.helix.attention.bounds.CachedTokenBound;
import dev.helix.tensor.compare.LinearErrorBound;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Runs each part of the baseline decoder from the hidden state that another run had there, so that
 * a difference must come from this part. One replay serves one request, whose positions are taken
 * in order:
 *
 * <pre>{@code
 * for each position:
 *   for each layer:
 *     BoundedValue attention = replay.attention(layer, hidden);      // processes this position
 *     BoundedValue ffn = replay.ffn(layer, mid);                     // mid: after attention, other run's
 *     BoundedValue after = replay.residual(mid, ffn);                // the next layer's hidden
 *   BoundedValue logits = replay.logits(finalHidden);
 * }</pre>
 *
 * <p>All hidden states are those of the other run at the present position. Both programs start from
 * them, so that their own error plays no part. Only {@link #attention} has a state: the keys and
 * values of the positions so far, which it has computed from the hidden states that it was given.
 * Parts may be left out, but not positions.
 *
 * <p>Requests share the weights. Not thread-safe; have one replay for each request.
 */
public final class DecoderReplay {
  private final BaselineWeights weights;
  private final List<LayerReplay> layers = new ArrayList<>();
  private final RmsNormErrorBound finalNormBound;

  /**
   * Creates the replay of one request.
   *
   * @param shards the most parts that the other run divides a request's cache into (KVP). A larger
   *     number is safe, but loosens the bounds
   */
  public DecoderReplay(BaselineWeights weights, int shards) {
    this.weights = weights;
    this.finalNormBound = new RmsNormErrorBound(weights.finalNorm());
    for (int i = 0; i < weights.sizes().layers(); i++) {
      layers.add(new LayerReplay(weights.newLayer(i), shards));
    }
  }

  /**
   * The embedding of a token. Both programs copy it from the weights, so its bound is 0.
   *
   * @return {@code [hidden]}
   */
  public BoundedValue embedding(int token) {
    double[] row = weights.embeddingOf(token);
    return new BoundedValue(row, new double[row.length]);
  }

  /**
   * The attention output of a layer at its next position, before it is added to the residual
   * stream. The norm before attention is applied to {@code hidden}.
   *
   * @param hidden {@code [hidden]}, the residual stream before the layer
   * @return {@code [hidden]}
   */
  public BoundedValue attention(int layer, double[] hidden) {
    return attention(layer, hidden, Optional.empty());
  }

  /**
   * The attention output of a layer whose cache holds given numbers of the token, as a quantised
   * cache does.
   *
   * @param stored what the other run's cache holds of the token; empty if that is not quantised
   */
  public BoundedValue attention(int layer, double[] hidden, Optional<CachedToken> stored) {
    return at(layer).attention(hidden, stored);
  }

  /**
   * The numbers that a layer puts into the cache at its next position, before they are quantised,
   * with their bounds. Call it before {@link #attention}; it changes nothing.
   *
   * @param hidden {@code [hidden]}, the residual stream before the layer
   */
  public CachedTokenBound cached(int layer, double[] hidden) {
    return at(layer).cached(hidden);
  }

  /**
   * The FFN output of a layer, before it is added to the residual stream. The norm before the FFN
   * is applied to {@code mid}.
   *
   * @param mid {@code [hidden]}, the residual stream after the attention output was added
   * @return {@code [hidden]}
   */
  public BoundedValue ffn(int layer, double[] mid) {
    return ffn(layer, mid, List.of());
  }

  /**
   * The FFN output of a layer with the experts that the other run chose, so that both compute one
   * function.
   *
   * @param experts their indices; empty to leave the choice to the router, or if there is none
   */
  public BoundedValue ffn(int layer, double[] mid, List<Integer> experts) {
    return at(layer).ffn(mid, experts);
  }

  /**
   * Compares a layer's own choice of experts with the other run's choice.
   *
   * @param mid {@code [hidden]}, the residual stream after the attention output was added
   * @param experts the other run's choice
   * @throws IllegalArgumentException if the layer has no experts
   */
  public ReplayedRouting routing(int layer, double[] mid, List<Integer> experts) {
    return at(layer).routing(mid, experts);
  }

  /**
   * The residual stream after a part's output was added to it.
   *
   * @param stream {@code [hidden]}, the residual stream of the other run before that, common to
   *     both programs
   * @param part what {@link #attention} or {@link #ffn} returned
   * @return {@code [hidden]}
   */
  public BoundedValue residual(double[] stream, BoundedValue part) {
    return LayerReplay.residual(stream, part);
  }

  /**
   * The logits. The final norm is applied to {@code hidden}.
   *
   * @param hidden {@code [hidden]}, after the last layer
   * @return {@code [vocabulary]}
   */
  public BoundedValue logits(double[] hidden) {
    double[] x = weights.finalNorm().apply(hidden);
    double[] bound = LinearErrorBound.of(weights.head(), x, finalNormBound.of(hidden));
    return new BoundedValue(UnshardedDecoder.logits(weights, hidden), bound);
  }

  /** Number of positions that a layer has processed. */
  public int positions(int layer) {
    return at(layer).positions();
  }

  private LayerReplay at(int layer) {
    if (layer < 0 || layer >= layers.size()) {
      throw new IllegalArgumentException(
          "layer %d is not one of the model's %d".formatted(layer, layers.size()));
    }
    return layers.get(layer);
  }
}
