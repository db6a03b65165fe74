package dev.helix.tests.laws.merge;

import dev.helix.laws.merge.MergeLaws;
import dev.helix.laws.merge.MergeUnderTest;
import dev.helix.laws.readings.BuiltInMerges;

/** The exact reading's merge. */
class ExactMergeTest implements MergeLaws {
  private final MergeUnderTest merge = BuiltInMerges.exact();

  @Override
  public MergeUnderTest merge() {
    return merge;
  }
}
