package dev.helix.tests.laws.cache;

import dev.helix.laws.cache.CacheLaws;
import dev.helix.laws.cache.CacheUnderTest;
import dev.helix.laws.readings.BuiltInCaches;

/** The cache of the exact reading. */
class ExactCacheTest implements CacheLaws {
  @Override
  public CacheUnderTest cache() {
    return BuiltInCaches.exact();
  }
}
