package dev.helix.attention.fp64;

import dev.helix.tensor.fp64.Fp64Memory.Region;
import java.util.Arrays;

/**
 * The running state of online softmax for query heads that share a KV head, over the tokens so far:
 * for each head the largest score m, the sum l of the weights exp(s − m), and the sum o of the
 * weighted values. It begins without tokens, with m = −∞.
 */
final class SoftmaxState {
  private final double[] maxima;
  private final double[] sums;
  private final double[][] outputs;

  SoftmaxState(int heads, int valueDim) {
    this.maxima = new double[heads];
    this.sums = new double[heads];
    this.outputs = new double[heads][valueDim];
    Arrays.fill(maxima, Double.NEGATIVE_INFINITY);
  }

  /** Begins with a sink, a token with this score and the value 0. */
  void sink(int head, double score) {
    maxima[head] = score;
    sums[head] = score == Double.NEGATIVE_INFINITY ? 0 : 1;
  }

  /**
   * Turns a head's scores into weights, and rescales what is summed so far to the new m.
   *
   * @param scores become weights
   * @param largest the largest of them, or NaN
   */
  void weigh(int head, double[] scores, int count, double largest, Exponentials exponentials) {
    double maximum = Math.max(maxima[head], largest);
    // While all scores so far are −∞ nothing has weight, and −∞ − (−∞) would be NaN.
    if (maximum == Double.NEGATIVE_INFINITY) {
      Arrays.fill(scores, 0, count, 0);
      return;
    }
    rescale(head, maximum);
    sums[head] += exponentials.replace(scores, maximum, count);
  }

  private void rescale(int head, double maximum) {
    double factor = Math.exp(maxima[head] - maximum);
    if (factor != 1) {
      sums[head] *= factor;
      for (int i = 0; i < outputs[head].length; i++) {
        outputs[head][i] *= factor;
      }
    }
    maxima[head] = maximum;
  }

  /** The sums of weighted values, {@code [heads, valueDim]}, to which new ones are added. */
  double[][] outputs() {
    return outputs;
  }

  /** Adds the state of other tokens, which is rescaled too. */
  void add(SoftmaxState later) {
    for (int head = 0; head < maxima.length; head++) {
      double maximum = Math.max(maxima[head], later.maxima[head]);
      if (maximum == Double.NEGATIVE_INFINITY) {
        continue;
      }
      rescale(head, maximum);
      later.rescale(head, maximum);
      sums[head] += later.sums[head];
      for (int i = 0; i < outputs[head].length; i++) {
        outputs[head][i] += later.outputs[head][i];
      }
    }
  }

  /**
   * Writes normalised outputs and log-sum-exps.
   *
   * @param firstHead where the heads begin, counted through all rows
   */
  void write(Region output, Region lse, long firstHead) {
    for (int head = 0; head < maxima.length; head++) {
      for (int i = 0; i < outputs[head].length; i++) {
        long at = (firstHead + head) * outputs[head].length + i;
        output.set(at, outputs[head][i] / sums[head]);
      }
      // If the scores of all tokens have overflowed to −∞, the state is not empty: output and LSE
      // are then NaN, which nobody can take for a result.
      double sum = sums[head] == 0 ? Double.NaN : sums[head];
      lse.set(firstHead + head, maxima[head] + Math.log(sum));
    }
  }
}
