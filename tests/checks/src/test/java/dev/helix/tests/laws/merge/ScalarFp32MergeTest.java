package dev.helix.tests.laws.merge;

import dev.helix.laws.merge.MergeLaws;
import dev.helix.laws.merge.MergeUnderTest;
import dev.helix.laws.readings.BuiltInMerges;

/** The scalar kernels in single precision: the bounds of that format are not too tight for them. */
class ScalarFp32MergeTest implements MergeLaws {
  private final MergeUnderTest merge = BuiltInMerges.scalarFp32();

  @Override
  public MergeUnderTest merge() {
    return merge;
  }
}
