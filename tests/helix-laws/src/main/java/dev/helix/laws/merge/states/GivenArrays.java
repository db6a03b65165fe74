package dev.helix.laws.merge.states;

import dev.helix.attention.convention.ArrayIndex;
import dev.helix.attention.convention.Convention;
import dev.helix.attention.convention.Empties;
import dev.helix.tensor.DType;
import java.util.Arrays;

/**
 * Writes the parts of a stack into arrays as an implementation is given them: in its layout, with
 * its marks, and with nothing in the outputs of parts without tokens that its contract excludes.
 * Padding holds NaN.
 */
final class GivenArrays {
  /** Finite, and as large as a part without tokens may leave it in any format. */
  private static final double GARBAGE = 6e4;

  private final Stack stack;
  private final Convention convention;
  private final ArrayIndex arrays;

  GivenArrays(Stack stack) {
    this.stack = stack;
    this.convention = stack.convention;
    this.arrays = stack.arrays();
  }

  /**
   * Writes the arrays.
   *
   * @param outputs {@code [shards, tokens, heads, dim]}
   * @param maxima {@code [shards, tokens, heads]}
   * @param sums {@code [shards, tokens, heads]}, 0 where a shard has no tokens
   */
  PartialStack of(double[] outputs, double[] maxima, double[] sums) {
    double[] theirOutputs = new double[arrays.rows() * arrays.paddedDim()];
    double[] theirMaxima = new double[arrays.rows()];
    double[] theirSums = new double[arrays.rows()];
    int[] lengths = new int[stack.shards * stack.tokens];
    Arrays.fill(theirOutputs, Double.NaN);
    Arrays.fill(theirMaxima, Double.NaN);
    for (int from = 0; from < maxima.length; from++) {
      int shard = from / stack.rows();
      int row = from % stack.rows();
      int token = row / stack.heads;
      int head = row % stack.heads;
      boolean living = maxima[from] != Double.NEGATIVE_INFINITY;
      int at = arrays.weight(shard, token, head);
      theirMaxima[at] = living ? maxima[from] : convention.marks().given(from);
      theirSums[at] = sums[from];
      lengths[shard * stack.tokens + token] += living ? 1 : 0;
      int to = arrays.output(shard, token, head) * arrays.paddedDim();
      for (int i = 0; i < stack.dim; i++) {
        double value = outputs[from * stack.dim + i];
        theirOutputs[to + i] = living ? value : allowed(value);
      }
    }
    return new PartialStack(
        convention,
        stack.shape(),
        theirOutputs,
        new PartialStack.Weights(theirMaxima, theirSums, lengths, stack.merged));
  }

  /** What may stand in a part without tokens, next to what a law wants to stand there. */
  private double allowed(double wanted) {
    Empties.Content content = convention.contract().empties().given();
    if (content == Empties.Content.ANYTHING) {
      return wanted;
    }
    if (content == Empties.Content.ZERO) {
      return 0;
    }
    DType format = convention.formats().partial();
    return Double.isFinite(wanted) ? wanted : format.round(Math.copySign(GARBAGE, wanted));
  }
}
