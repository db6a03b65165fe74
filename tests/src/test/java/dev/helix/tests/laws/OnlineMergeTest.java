package dev.helix.tests.laws;

import dev.helix.laws.Convention;
import dev.helix.laws.MergeLaws;
import dev.helix.laws.MergeUnderTest;
import dev.helix.laws.Partial;
import dev.helix.laws.Precision;

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
