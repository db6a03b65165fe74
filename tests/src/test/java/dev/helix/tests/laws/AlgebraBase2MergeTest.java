package dev.helix.tests.laws;

import dev.helix.attention.merge.LogBase;
import dev.helix.laws.BuiltInMerges;
import dev.helix.laws.MergeLaws;
import dev.helix.laws.MergeUnderTest;

/** The algebra, in base 2. */
class AlgebraBase2MergeTest implements MergeLaws {
  private final MergeUnderTest merge = BuiltInMerges.algebra(LogBase.TWO);

  @Override
  public MergeUnderTest merge() {
    return merge;
  }
}
