package dev.helix.tests.laws.attention;

import dev.helix.laws.attention.AttentionLaws;
import dev.helix.laws.attention.AttentionUnderTest;
import dev.helix.laws.readings.BuiltInAttention;

/** The fp64 reading's partial attention over latents. */
class Fp64LatentAttentionTest implements AttentionLaws {
  private final AttentionUnderTest attention = BuiltInAttention.fp64Latent();

  @Override
  public AttentionUnderTest attention() {
    return attention;
  }
}
