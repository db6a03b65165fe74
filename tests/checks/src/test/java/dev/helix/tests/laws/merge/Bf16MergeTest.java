package dev.helix.tests.laws.merge;

import dev.helix.attention.convention.Precision;
import dev.helix.laws.merge.MergeLaws;
import dev.helix.laws.merge.MergeUnderTest;

/** Outputs in BF16, LSEs in single precision. */
class Bf16MergeTest implements MergeLaws {
  @Override
  public MergeUnderTest merge() {
    return SinglePrecisionMergeTest.of(Precision.BF16);
  }
}
