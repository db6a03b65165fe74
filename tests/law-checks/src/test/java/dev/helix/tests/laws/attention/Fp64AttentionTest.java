package dev.helix.tests.laws.attention;

import dev.helix.laws.attention.AttentionLaws;
import dev.helix.laws.attention.AttentionUnderTest;
import dev.helix.laws.readings.BuiltInAttention;

/** The fp64 reading's partial attention. */
class Fp64AttentionTest implements AttentionLaws {
  private final AttentionUnderTest attention = BuiltInAttention.fp64();

  @Override
  public AttentionUnderTest attention() {
    return attention;
  }
}
