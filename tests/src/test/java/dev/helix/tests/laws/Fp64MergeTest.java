package dev.helix.tests.laws;

import dev.helix.laws.BuiltInMerges;
import dev.helix.laws.MergeLaws;
import dev.helix.laws.MergeUnderTest;

/** The fp64 reading's merge. */
class Fp64MergeTest implements MergeLaws {
  private final MergeUnderTest merge = BuiltInMerges.fp64();

  @Override
  public MergeUnderTest merge() {
    return merge;
  }
}
