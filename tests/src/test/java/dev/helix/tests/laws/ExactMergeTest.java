package dev.helix.tests.laws;

import dev.helix.laws.BuiltInMerges;
import dev.helix.laws.MergeLaws;
import dev.helix.laws.MergeUnderTest;

/** The exact reading's merge. */
class ExactMergeTest implements MergeLaws {
  private final MergeUnderTest merge = BuiltInMerges.exact();

  @Override
  public MergeUnderTest merge() {
    return merge;
  }
}
