package dev.helix.tests.laws.attention;

import dev.helix.laws.attention.AttentionLaws;
import dev.helix.laws.attention.AttentionUnderTest;
import dev.helix.laws.readings.BuiltInAttention;

/** The counting reading's partial attention. */
class ScalarAttentionTest implements AttentionLaws {
  private final AttentionUnderTest attention = BuiltInAttention.scalar();

  @Override
  public AttentionUnderTest attention() {
    return attention;
  }
}
