package dev.helix.tests.laws.merge;

import dev.helix.attention.convention.Precision;
import dev.helix.laws.merge.MergeLaws;
import dev.helix.laws.merge.MergeUnderTest;

/** The same in single precision. */
class RunningFp32MergeTest implements MergeLaws {
  @Override
  public MergeUnderTest merge() {
    return RunningMergeTest.of(Precision.FP32);
  }
}
