package dev.helix.runtime.baseline;

import dev.helix.tensor.compare.LinearErrorBound;
import java.util.ArrayList;
import java.util.List;

/**
 * The baseline started afresh at each part of a decoder from the hidden state that another run had
 * there, so that what differs has been made by this part. For one request; walk its positions in
 * order:
 *
 * <pre>{@code
 * for each position:
 *   for each layer:
 *     BoundedValue attention = replay.attention(layer, hidden);      // takes this position in
 *     BoundedValue ffn = replay.ffn(layer, mid);                     // mid = hidden + attention, theirs
 *     BoundedValue after = replay.residual(mid, ffn);                // the next layer's hidden
 *   BoundedValue logits = replay.logits(finalHidden);
 * }</pre>
 *
 * <p>All hidden states are those of the other run, at the present position, and common to both
 * programs: their own error does not enter. Only {@link #attention} has a state, the keys and
 * values of the positions so far, computed from the hidden states that it was given; parts may be
 * left out, but not positions.
 *
 * <p>Requests share the weights. Not thread-safe; have one replay for each request.
 */
public final class DecoderReplay {
  private final BaselineWeights weights;
  private final List<LayerReplay> layers = new ArrayList<>();
  private final RmsNormErrorBound finalNormBound;

  /**
   * @param shards the most parts that the other run divides a request's cache into (KVP); more is
   *     safe, but loosens the bounds
   */
  public DecoderReplay(BaselineWeights weights, int shards) {
    this.weights = weights;
    this.finalNormBound = new RmsNormErrorBound(weights.finalNorm());
    for (int i = 0; i < weights.sizes().layers(); i++) {
      layers.add(new LayerReplay(weights.newLayer(i), shards));
    }
  }

  /**
   * The embedding of a token: a copy of the weights in both programs, so that its bound is 0.
   *
   * @return {@code [hidden]}
   */
  public BoundedValue embedding(int token) {
    double[] row = weights.embeddingOf(token);
    return new BoundedValue(row, new double[row.length]);
  }

  /**
   * The attention output of a layer at its next position, norm included, before it is added.
   *
   * @param hidden {@code [hidden]}, the residual stream before the layer
   * @return {@code [hidden]}
   */
  public BoundedValue attention(int layer, double[] hidden) {
    return at(layer).attention(hidden);
  }

  /**
   * The FFN output of a layer, norm included, before it is added.
   *
   * @param mid {@code [hidden]}, the residual stream after the attention output was added
   * @return {@code [hidden]}
   */
  public BoundedValue ffn(int layer, double[] mid) {
    return ffn(layer, mid, List.of());
  }

  /**
   * The same with the experts that the other run chose, so that what is compared is one function.
   *
   * @param experts their indices; empty to leave the choice to the router, or if there is none
   */
  public BoundedValue ffn(int layer, double[] mid, List<Integer> experts) {
    return at(layer).ffn(mid, experts);
  }

  /**
   * What the router of a layer says of the other run's choice.
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
   * @param stream {@code [hidden]}, before: of the other run, common to both programs
   * @param part what {@link #attention} or {@link #ffn} returned
   * @return {@code [hidden]}
   */
  public BoundedValue residual(double[] stream, BoundedValue part) {
    return LayerReplay.residual(stream, part);
  }

  /**
   * The logits, final norm included.
   *
   * @param hidden {@code [hidden]}, after the last layer
   * @return {@code [vocabulary]}
   */
  public BoundedValue logits(double[] hidden) {
    double[] x = weights.finalNorm().apply(hidden);
    double[] bound = LinearErrorBound.of(weights.head(), x, finalNormBound.of(hidden));
    return new BoundedValue(UnshardedDecoder.logits(weights, hidden), bound);
  }

  /** Number of positions that a layer has taken in. */
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
