package dev.helix.tests.laws.attention;

import dev.helix.laws.attention.AttentionLaws;
import dev.helix.laws.attention.AttentionUnderTest;
import dev.helix.laws.readings.BuiltInAttention;

/** The exact reading's partial attention over latents, rounded. */
class ExactLatentAttentionTest implements AttentionLaws {
  private final AttentionUnderTest attention = BuiltInAttention.exactLatent();

  @Override
  public AttentionUnderTest attention() {
    return attention;
  }
}
