package dev.helix.tests.laws.attention;

import dev.helix.laws.attention.AttentionLaws;
import dev.helix.laws.attention.AttentionUnderTest;
import dev.helix.laws.readings.BuiltInAttention;

/** The exact reading's partial attention, rounded. */
class ExactAttentionTest implements AttentionLaws {
  private final AttentionUnderTest attention = BuiltInAttention.exact();

  @Override
  public AttentionUnderTest attention() {
    return attention;
  }
}
