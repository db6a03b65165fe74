package dev.helix.tests.laws.merge;

import dev.helix.attention.convention.Convention;
import dev.helix.attention.convention.Precision;
import dev.helix.laws.merge.MergeLaws;
import dev.helix.laws.merge.MergeUnderTest;
import dev.helix.laws.merge.states.Partial;
import dev.helix.laws.merge.states.PartialStack;
import dev.helix.tensor.DType;
import java.util.Arrays;

/**
 * A merge as a GPU kernel computes it: single precision, base 2, heads first, a running fold, −1e30
 * for no tokens. The bounds of other formats and the conversions of other conventions must not be
 * too tight for it.
 */
class SinglePrecisionMergeTest implements MergeLaws {
  private static final float EMPTY = -1e30f;

  @Override
  public MergeUnderTest merge() {
    return of(Precision.FP32);
  }

  /** The same, with outputs in another format: they are read from it, and rounded to it. */
  static MergeUnderTest of(Precision precision) {
    return MergeUnderTest.of(
        Convention.of(precision).base2().headsFirst().emptyAs(EMPTY),
        stack -> merge(stack, precision.output()));
  }

  private static Partial merge(PartialStack stack, DType output) {
    int rows = stack.heads() * stack.tokens();
    int dim = stack.dim();
    double[] outputs = stack.outputs();
    double[] lses = stack.lses();
    double[] merged = new double[rows * dim];
    double[] mergedLses = new double[rows];
    for (int row = 0; row < rows; row++) {
      float greatest = EMPTY;
      float sum = 0;
      float[] weighted = new float[dim];
      for (int shard = 0; shard < stack.shards(); shard++) {
        int at = shard * rows + row;
        float lse = (float) lses[at];
        if (lse == EMPTY) {
          continue;
        }
        float next = Math.max(greatest, lse);
        float rescale = exp2(greatest - next);
        float weight = exp2(lse - next);
        sum = sum * rescale + weight;
        for (int i = 0; i < dim; i++) {
          weighted[i] = weighted[i] * rescale + weight * (float) outputs[at * dim + i];
        }
        greatest = next;
      }
      boolean empty = greatest == EMPTY;
      mergedLses[row] = empty ? EMPTY : greatest + (float) (Math.log(sum) / Math.log(2));
      for (int i = 0; i < dim; i++) {
        merged[row * dim + i] = empty ? 0 : weighted[i] / sum;
      }
    }
    return new Partial(Arrays.stream(merged).map(output::round).toArray(), mergedLses);
  }

  private static float exp2(float x) {
    return (float) Math.pow(2, x);
  }
}
