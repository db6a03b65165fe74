package dev.helix.tests.laws.merge;

import dev.helix.attention.convention.LogBase;
import dev.helix.laws.merge.AlgebraMerge;
import dev.helix.laws.merge.MergeLaws;
import dev.helix.laws.merge.MergeUnderTest;

/** The algebra, in base e. */
class AlgebraMergeTest implements MergeLaws {
  private final MergeUnderTest merge = AlgebraMerge.of(LogBase.E);

  @Override
  public MergeUnderTest merge() {
    return merge;
  }
}
