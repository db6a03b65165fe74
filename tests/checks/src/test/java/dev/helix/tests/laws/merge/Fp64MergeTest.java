package dev.helix.tests.laws.merge;

import dev.helix.laws.merge.MergeLaws;
import dev.helix.laws.merge.MergeUnderTest;
import dev.helix.laws.readings.BuiltInMerges;

/** The fp64 reading's merge. */
class Fp64MergeTest implements MergeLaws {
  private final MergeUnderTest merge = BuiltInMerges.fp64();

  @Override
  public MergeUnderTest merge() {
    return merge;
  }
}
