package dev.helix.tests.laws;

import dev.helix.laws.AttentionLaws;
import dev.helix.laws.AttentionUnderTest;
import dev.helix.laws.BuiltInAttention;

/** The counting reading's partial attention. */
class ScalarAttentionTest implements AttentionLaws {
  private final AttentionUnderTest attention = BuiltInAttention.scalar();

  @Override
  public AttentionUnderTest attention() {
    return attention;
  }
}
