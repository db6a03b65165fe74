/**
 * A cache under the laws of the cache: {@link dev.helix.tests.laws.cache.ExactCacheTest}. Those of
 * the other readings are in {@code parts}.
 */
package dev.helix.tests.laws.cache;
