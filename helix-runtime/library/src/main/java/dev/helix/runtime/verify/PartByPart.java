package dev.helix.runtime.verify;

import dev.helix.attention.QueryToken;
import dev.helix.attention.baseline.CachedToken;
import dev.helix.ffn.Routing;
import dev.helix.runtime.baseline.BaselineWeights;
import dev.helix.runtime.baseline.BoundedValue;
import dev.helix.runtime.baseline.DecoderReplay;
import dev.helix.runtime.baseline.ReplayedRouting;
import dev.helix.runtime.record.Quantity;
import dev.helix.runtime.record.TapPoint;
import dev.helix.runtime.record.TapRecord;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Replays one request's run with the baseline, part by part, from the run's own hidden states. */
final class PartByPart {
  private final int layers;
  private final int vocabulary;
  private final DecoderReplay replay;
  private final TapRecord record;
  private final Optional<CachedBits> cachedBits;
  private final Comparer comparer;
  private final List<List<LayerBounds>> layerBounds = new ArrayList<>();
  private final Map<Integer, double[]> logitsBounds = new HashMap<>();

  /**
   * Prepares the replay of one request.
   *
   * @param cachedBits what the run's cache holds, if it is quantised
   */
  PartByPart(
      BaselineWeights weights,
      int shards,
      TapRecord record,
      Optional<CachedBits> cachedBits,
      Comparer comparer) {
    this.cachedBits = cachedBits;
    this.layers = weights.sizes().layers();
    this.vocabulary = weights.sizes().vocabulary().size();
    this.replay = new DecoderReplay(weights, shards);
    this.record = record;
    this.comparer = comparer;
  }

  /** Takes what was computed at one tap point, what the baseline computes there, and the bound. */
  interface Comparer {
    void compare(
        TapPoint place, QueryToken token, double[] actual, double[] expected, double[] bound);

    /** Takes a choice of experts that the run has made, and the baseline's judgement of it. */
    void compare(TapPoint place, QueryToken token, List<Integer> chosen, ReplayedRouting expected);

    /** Takes the reason why rounding cannot explain what a layer's cache holds of a token. */
    default void wronglyCached(int layer, QueryToken token, String why) {}
  }

  /**
   * Compares everything at the request's next position.
   *
   * @param id the token at that position
   */
  void next(QueryToken token, int id) {
    TapPoint embedding = new TapPoint(TapPoint.OUTSIDE, Quantity.EMBEDDING);
    compare(embedding, token, replay.embedding(id));
    double[] hidden = record.row(embedding, token);
    List<LayerBounds> bounds = new ArrayList<>(layers);
    for (int layer = 0; layer < layers; layer++) {
      Optional<CachedToken> cached = cached(layer, hidden, token);
      BoundedValue attention = replay.attention(layer, hidden, cached);
      compare(new TapPoint(layer, Quantity.ATTENTION_OUTPUT), token, attention);
      compare(new TapPoint(layer, Quantity.MIDDLE), token, replay.residual(hidden, attention));
      double[] middle = record.row(new TapPoint(layer, Quantity.MIDDLE), token);
      List<Integer> experts = routing(layer, middle, token);
      BoundedValue ffn = replay.ffn(layer, middle, experts);
      compare(new TapPoint(layer, Quantity.FFN_OUTPUT), token, ffn);
      compare(new TapPoint(layer, Quantity.HIDDEN), token, replay.residual(middle, ffn));
      bounds.add(new LayerBounds(attention.bound(), ffn.bound(), experts, cached));
      hidden = record.row(new TapPoint(layer, Quantity.HIDDEN), token);
    }
    layerBounds.add(bounds);
    TapPoint head = new TapPoint(TapPoint.OUTSIDE, Quantity.LOGITS);
    if (record.has(head, token)) {
      BoundedValue logits = replay.logits(hidden);
      logitsBounds.put(token.position(), logits.bound());
      double[] actual = Arrays.copyOf(record.row(head, token), vocabulary);
      comparer.compare(head, token, actual, logits.value(), logits.bound());
    }
  }

  /** Judges what a layer's cache holds of a token, and returns it; empty if it is not quantised. */
  private Optional<CachedToken> cached(int layer, double[] hidden, QueryToken token) {
    return cachedBits.map(
        bits -> {
          bits.contradiction(layer, token, replay.cached(layer, hidden))
              .ifPresent(why -> comparer.wronglyCached(layer, token, why));
          return bits.token(layer, token);
        });
  }

  /**
   * Compares the experts that the run chose for a token, and returns them; empty in a layer without
   * experts.
   */
  private List<Integer> routing(int layer, double[] middle, QueryToken token) {
    TapPoint place = new TapPoint(layer, Quantity.ROUTING);
    Optional<Routing.Choice> recorded = record.choice(layer, token);
    if (recorded.isEmpty()) {
      return List.of();
    }
    Routing.Choice choice = recorded.get();
    ReplayedRouting expected = replay.routing(layer, middle, choice.experts());
    comparer.compare(place, token, choice.experts(), expected);
    double[] weights = choice.weights().stream().mapToDouble(Double::doubleValue).toArray();
    comparer.compare(place, token, weights, expected.weights().value(), expected.weights().bound());
    return choice.experts();
  }

  /** The bounds of the parts of each layer, for each position so far. */
  List<List<LayerBounds>> layerBounds() {
    return layerBounds;
  }

  /**
   * The bound of the logits at a position from which a token was sampled, for the given hidden
   * state, {@code [vocabulary]}.
   */
  double[] logitsBound(int position) {
    return logitsBounds.get(position);
  }

  private void compare(TapPoint place, QueryToken token, BoundedValue expected) {
    comparer.compare(place, token, record.row(place, token), expected.value(), expected.bound());
  }
}
