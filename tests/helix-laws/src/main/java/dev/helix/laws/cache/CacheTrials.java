package dev.helix.laws.cache;

import dev.helix.laws.Law;
import dev.helix.laws.SeamTrials;
import dev.helix.laws.Trial;
import java.util.List;

/** The laws of a sharded cache, as they are held against one implementation. */
record CacheTrials(CacheUnderTest subject) implements SeamTrials<CacheCase> {
  @Override
  public List<CacheCase> cases(long seed, int count) {
    return CacheDrawing.CASES.of(seed, count);
  }

  @Override
  public Trial trial(Law law, CacheCase given) {
    return new CacheTrial(law, subject, given);
  }

  @Override
  public List<CacheCase> simpler(CacheCase given) {
    return given.simpler();
  }
}
