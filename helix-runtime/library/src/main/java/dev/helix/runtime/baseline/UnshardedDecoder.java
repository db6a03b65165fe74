package dev.helix.runtime.baseline;

import java.util.ArrayList;
import java.util.List;

/**
 * A whole decoder for one request, running freely: embedding, layers, final norm, head.
 *
 * <p>Not thread-safe; the weights are shared, so have one decoder for each request.
 */
public final class UnshardedDecoder {
  private final BaselineWeights weights;
  private final List<UnshardedDecoderLayer> layers = new ArrayList<>();
  private int position;

  /** A request with nothing in its cache. */
  public UnshardedDecoder(BaselineWeights weights) {
    this.weights = weights;
    for (int i = 0; i < weights.sizes().layers(); i++) {
      layers.add(weights.newLayer(i));
    }
  }

  /**
   * Takes in the token of the next position.
   *
   * @param token in {@code [0, vocabulary)}
   * @return {@code [vocabulary]}, the logits of the position after it
   * @throws dev.helix.tensor.InvalidInputException if the token is not in the vocabulary
   */
  public double[] next(int token) {
    return next(token, Change.NONE);
  }

  /**
   * Takes in the token of the next position, with the outputs of attention and FFN of every layer
   * changed on their way: how much of a small change arrives at the logits is how sensitive they
   * are.
   *
   * @param token in {@code [0, vocabulary)}
   * @return {@code [vocabulary]}, the logits of the position after it
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
                  change.experts(layer),
                  part -> change.ffn(layer, part));
    }
    position++;
    return logits(weights, h);
  }

  /** What becomes of the output of a part of a layer, {@code [hidden]}, before it is added. */
  public interface Change {
    /** Nothing changes. */
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

    /** What goes on instead of a layer's attention output. */
    double[] attention(int layer, double[] output);

    /** What goes on instead of a layer's FFN output. */
    double[] ffn(int layer, double[] output);

    /** The experts of a layer; empty to leave the choice to its router. */
    default List<Integer> experts(int layer) {
      return List.of();
    }
  }

  /** Number of tokens taken in so far. */
  public int position() {
    return position;
  }

  /**
   * Takes in the prompt and continues it with the most likely token each time.
   *
   * @param prompt at least one token
   * @return the {@code newTokens} new ones, of which the last was not taken in
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

  /** The index of the largest logit, of equal ones the first. */
  public static int mostLikely(double[] logits) {
    int best = 0;
    for (int i = 1; i < logits.length; i++) {
      if (logits[i] > logits[best]) {
        best = i;
      }
    }
    return best;
  }

  /** Head of the normalised h. */
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
