package dev.helix.tests.laws.attention;

import dev.helix.laws.attention.AttentionLaws;
import dev.helix.laws.attention.AttentionUnderTest;
import dev.helix.laws.readings.BuiltInAttention;

/**
 * The scalar kernels in single precision: the bounds of another format must not be too tight for
 * it.
 */
class SinglePrecisionAttentionTest implements AttentionLaws {
  private final AttentionUnderTest attention = BuiltInAttention.fp32();

  @Override
  public AttentionUnderTest attention() {
    return attention;
  }
}
