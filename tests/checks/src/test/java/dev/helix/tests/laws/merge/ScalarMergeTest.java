package dev.helix.tests.laws.merge;

import dev.helix.laws.merge.MergeLaws;
import dev.helix.laws.merge.MergeUnderTest;
import dev.helix.laws.readings.BuiltInMerges;

/** The counting reading's merge. */
class ScalarMergeTest implements MergeLaws {
  private final MergeUnderTest merge = BuiltInMerges.scalar();

  @Override
  public MergeUnderTest merge() {
    return merge;
  }
}
