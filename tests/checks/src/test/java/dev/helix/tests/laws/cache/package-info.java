/**
 * The cache of each reading under the laws of the cache: {@link
 * dev.helix.tests.laws.cache.Fp64CacheTest} is a typical one, and {@link
 * dev.helix.tests.laws.cache.ScalarCacheTest} reads slots that refuse to be read unwritten.
 */
package dev.helix.tests.laws.cache;
