package dev.helix.runtime.baseline;

import dev.helix.attention.baseline.CachedToken;
import dev.helix.runtime.baseline.UnshardedDecoderLayer.Given;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A whole decoder for one request, which computes everything from the tokens alone: embedding,
 * layers, final norm, head.
 *
 * <p>It is not thread-safe. Weights are shared, so each request can have a decoder of its own.
 */
public final class UnshardedDecoder {
  private final BaselineWeights weights;
  private final List<UnshardedDecoderLayer> layers = new ArrayList<>();
  private int position;

  /** Creates a decoder with an empty cache. */
  public UnshardedDecoder(BaselineWeights weights) {
    this.weights = weights;
    for (int i = 0; i < weights.sizes().layers(); i++) {
      layers.add(weights.newLayer(i));
    }
  }

  /**
   * Processes the token of the next position.
   *
   * @param token id of the token, in {@code [0, vocabulary)}
   * @return {@code [vocabulary]}, the logits for the position after it
   * @throws dev.helix.tensor.InvalidInputException if the token is not in the vocabulary
   */
  public double[] next(int token) {
    return next(token, Change.NONE);
  }

  /**
   * Processes the token of the next position, and changes the outputs of attention and FFN of every
   * layer on the way. The effect of a small change on the logits shows how sensitive they are.
   *
   * @param token id of the token, in {@code [0, vocabulary)}
   * @return {@code [vocabulary]}, the logits for the position after it
   */
  public double[] next(int token, Change change) {
    double[] h = weights.embeddingOf(token);
    for (int i = 0; i < layers.size(); i++) {
      int layer = i;
      h =
          layers
              .get(i)
              .step(
                  h,
                  part -> change.attention(layer, part),
                  new Given(change.experts(layer), change.cached(layer)),
                  part -> change.ffn(layer, part));
    }
    position++;
    return logits(weights, h);
  }

  /**
   * Changes the output of a part of a layer, {@code [hidden]}, before it is added to the residual
   * stream.
   */
  public interface Change {
    /** The change that changes nothing. */
    Change NONE =
        new Change() {
          @Override
          public double[] attention(int layer, double[] output) {
            return output;
          }

          @Override
          public double[] ffn(int layer, double[] output) {
            return output;
          }
        };

    /** Returns what replaces a layer's attention output. */
    double[] attention(int layer, double[] output);

    /** Returns what replaces a layer's FFN output. */
    double[] ffn(int layer, double[] output);

    /** The experts of a layer; empty to leave the choice to its router. */
    default List<Integer> experts(int layer) {
      return List.of();
    }

    /**
     * The numbers that a layer's cache holds for the token; empty if they are what the layer
     * computes.
     */
    default Optional<CachedToken> cached(int layer) {
      return Optional.empty();
    }
  }

  /** Number of tokens processed so far. */
  public int position() {
    return position;
  }

  /**
   * Processes the prompt, and continues it with the most likely token each time.
   *
   * @param prompt token ids, at least one
   * @return the {@code newTokens} new tokens, of which the last has not been processed
   */
  public List<Integer> greedy(List<Integer> prompt, int newTokens) {
    if (prompt.isEmpty()) {
      throw new IllegalArgumentException("greedy decoding needs a prompt of at least one token");
    }
    double[] logits = {};
    for (int token : prompt) {
      logits = next(token);
    }
    List<Integer> continuation = new ArrayList<>();
    while (continuation.size() < newTokens) {
      int token = mostLikely(logits);
      continuation.add(token);
      if (continuation.size() < newTokens) {
        logits = next(token);
      }
    }
    return continuation;
  }

  /** The index of the largest logit; of several equal ones the first. */
  public static int mostLikely(double[] logits) {
    int best = 0;
    for (int i = 1; i < logits.length; i++) {
      if (logits[i] > logits[best]) {
        best = i;
      }
    }
    return best;
  }

  /** The logits for the normalised hidden state h. */
  static double[] logits(BaselineWeights weights, double[] h) {
    double[] x = weights.finalNorm().apply(h);
    double[] head = weights.head();
    double[] logits = new double[head.length / x.length];
    for (int row = 0; row < logits.length; row++) {
      double dot = 0;
      for (int i = 0; i < x.length; i++) {
        dot += head[row * x.length + i] * x[i];
      }
      logits[row] = dot;
    }
    return logits;
  }
}
