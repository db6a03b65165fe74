package dev.helix.tests.laws.merge;

import dev.helix.attention.convention.Convention;
import dev.helix.attention.convention.Precision;
import dev.helix.laws.merge.MergeLaws;
import dev.helix.laws.merge.MergeUnderTest;
import dev.helix.laws.merge.states.Partial;

class OnlineMergeTest implements MergeLaws {
  @Override
  public MergeUnderTest merge() {
    return MergeUnderTest.of(
        Convention.of(Precision.FP64),
        in -> {
          int rows = in.tokens() * in.heads();
          double[] outputs = new double[rows * in.dim()];
          double[] lses =
              OnlineMerge.merge(in.outputs(), in.lses(), in.shards(), rows, in.dim(), outputs);
          return new Partial(outputs, lses);
        });
  }
}
