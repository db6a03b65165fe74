package dev.helix.laws.cache;

import dev.helix.laws.Seam;
import dev.helix.laws.SeamTrials;
import dev.helix.laws.UnderTest;

/** An adapter around a KV cache that is sharded over ranks. */
public interface CacheUnderTest extends UnderTest {
  /** A new, empty part for one rank. */
  RankCache cache(CacheForm form, int rank);

  @Override
  default Seam seam() {
    return Seam.CACHE;
  }

  @Override
  default SeamTrials<CacheCase> laws() {
    return new CacheTrials(this);
  }
}
