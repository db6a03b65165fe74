package dev.helix.tests.laws.merge;

import dev.helix.attention.convention.LogBase;
import dev.helix.laws.merge.AlgebraMerge;
import dev.helix.laws.merge.MergeLaws;
import dev.helix.laws.merge.MergeUnderTest;

/** The algebra, in base 2. */
class AlgebraBase2MergeTest implements MergeLaws {
  private final MergeUnderTest merge = AlgebraMerge.of(LogBase.TWO);

  @Override
  public MergeUnderTest merge() {
    return merge;
  }
}
