package dev.helix.tests.laws;

import dev.helix.attention.merge.LogBase;
import dev.helix.laws.merge.BuiltInMerges;
import dev.helix.laws.merge.MergeLaws;
import dev.helix.laws.merge.MergeUnderTest;

/** The algebra, in base e. */
class AlgebraMergeTest implements MergeLaws {
  private final MergeUnderTest merge = BuiltInMerges.algebra(LogBase.E);

  @Override
  public MergeUnderTest merge() {
    return merge;
  }
}
