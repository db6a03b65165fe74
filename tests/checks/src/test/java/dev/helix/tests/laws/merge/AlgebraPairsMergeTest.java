package dev.helix.tests.laws.merge;

import dev.helix.laws.merge.AlgebraMerge;
import dev.helix.laws.merge.MergeLaws;
import dev.helix.laws.merge.MergeUnderTest;

/** The algebra, from (max, sum) pairs. */
class AlgebraPairsMergeTest implements MergeLaws {
  private final MergeUnderTest merge = AlgebraMerge.ofPairs();

  @Override
  public MergeUnderTest merge() {
    return merge;
  }
}
