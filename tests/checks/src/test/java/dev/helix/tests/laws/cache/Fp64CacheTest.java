package dev.helix.tests.laws.cache;

import dev.helix.laws.cache.CacheLaws;
import dev.helix.laws.cache.CacheUnderTest;
import dev.helix.laws.readings.BuiltInCaches;

/** The cache of the fp64 reading. */
class Fp64CacheTest implements CacheLaws {
  @Override
  public CacheUnderTest cache() {
    return BuiltInCaches.fp64();
  }
}
