package dev.helix.tests.laws;

import dev.helix.laws.BuiltInMerges;
import dev.helix.laws.MergeLaws;
import dev.helix.laws.MergeUnderTest;

/** The counting reading's merge. */
class ScalarMergeTest implements MergeLaws {
  private final MergeUnderTest merge = BuiltInMerges.scalar();

  @Override
  public MergeUnderTest merge() {
    return merge;
  }
}
