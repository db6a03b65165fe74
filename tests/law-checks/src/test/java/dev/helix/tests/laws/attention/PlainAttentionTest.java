package dev.helix.tests.laws.attention;

import dev.helix.laws.attention.AttentionLaws;
import dev.helix.laws.attention.AttentionUnderTest;
import dev.helix.laws.museum.Museum;

/** The attention that the museum's faulty kernels are variants of. */
class PlainAttentionTest implements AttentionLaws {
  @Override
  public AttentionUnderTest attention() {
    return (AttentionUnderTest) Museum.originals().get("attention");
  }
}
