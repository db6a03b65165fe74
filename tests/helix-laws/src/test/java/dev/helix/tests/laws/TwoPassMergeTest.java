package dev.helix.tests.laws;

import dev.helix.attention.convention.Convention;
import dev.helix.attention.convention.Precision;
import dev.helix.laws.merge.MergeLaws;
import dev.helix.laws.merge.MergeUnderTest;
import dev.helix.laws.merge.states.Partial;
import dev.helix.laws.merge.states.PartialStack;

/** The textbook merge, first the largest LSE and then the weights, where there is no ND4J. */
class TwoPassMergeTest implements MergeLaws {
  @Override
  public MergeUnderTest merge() {
    return MergeUnderTest.of(Convention.of(Precision.FP64), TwoPassMergeTest::merge);
  }

  private static Partial merge(PartialStack in) {
    int rows = in.tokens() * in.heads();
    int dim = in.dim();
    double[] outputs = new double[rows * dim];
    double[] lses = new double[rows];
    for (int row = 0; row < rows; row++) {
      double top = Double.NEGATIVE_INFINITY;
      for (int at = row; at < in.lses().length; at += rows) {
        top = Math.max(top, in.lses()[at]);
      }
      double total = 0;
      for (int at = row; at < in.lses().length; at += rows) {
        // A shard without tokens takes no part, whatever its output is.
        if (in.lses()[at] != Double.NEGATIVE_INFINITY) {
          double weight = Math.exp(in.lses()[at] - top);
          total += weight;
          for (int i = 0; i < dim; i++) {
            outputs[row * dim + i] += weight * in.outputs()[at * dim + i];
          }
        }
      }
      for (int i = 0; i < dim && total != 0; i++) {
        outputs[row * dim + i] /= total;
      }
      lses[row] = total == 0 ? Double.NEGATIVE_INFINITY : top + Math.log(total);
    }
    return new Partial(outputs, lses);
  }
}
