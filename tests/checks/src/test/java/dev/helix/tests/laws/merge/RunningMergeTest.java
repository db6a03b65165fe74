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
 * A fold of finished pairs that pivots on the running one, as ring attention does: O − σ·(O − B)
 * and L − ln σ(L − M). The bounds must leave it the roundings of a running value that has no
 * weight.
 */
class RunningMergeTest implements MergeLaws {
  @Override
  public MergeUnderTest merge() {
    return of(Precision.FP64);
  }

  /** Every operation rounded to the format of log-sum-exps. */
  static MergeUnderTest of(Precision precision) {
    return MergeUnderTest.of(Convention.of(precision), stack -> merge(stack, precision.lse()));
  }

  private static Partial merge(PartialStack stack, DType format) {
    int rows = stack.tokens() * stack.heads();
    int dim = stack.dim();
    double[] outputs = stack.outputs();
    double[] lses = stack.lses();
    double[] merged = new double[rows * dim];
    double[] mergedLses = new double[rows];
    Arrays.fill(mergedLses, Double.NEGATIVE_INFINITY);
    for (int at = 0; at < lses.length; at++) {
      int row = at % rows;
      if (lses[at] == Double.NEGATIVE_INFINITY) {
        continue;
      }
      double running = mergedLses[row];
      boolean first = running == Double.NEGATIVE_INFINITY;
      double gap = format.round(lses[at] - running);
      double share = format.round(1 / (1 + format.round(Math.exp(-gap))));
      for (int i = 0; i < dim; i++) {
        double block = outputs[at * dim + i];
        double old = merged[row * dim + i];
        double step = format.round(share * format.round(old - block));
        merged[row * dim + i] = first ? block : format.round(old - step);
      }
      double logShare = gap < 0 ? gap - Math.log1p(Math.exp(gap)) : -Math.log1p(Math.exp(-gap));
      mergedLses[row] = first ? lses[at] : format.round(lses[at] - format.round(logShare));
    }
    return new Partial(merged, mergedLses);
  }
}
