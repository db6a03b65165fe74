package dev.helix.tests.laws.merge;

import dev.helix.attention.convention.Precision;
import dev.helix.laws.merge.MergeLaws;
import dev.helix.laws.merge.MergeUnderTest;

/** Outputs in FP16, whose range is small, LSEs in single precision. */
class Fp16MergeTest implements MergeLaws {
  @Override
  public MergeUnderTest merge() {
    return SinglePrecisionMergeTest.of(Precision.FP16);
  }
}
