/**
 * The laws of a KV cache that is sharded over ranks, as a scheduler drives it: start with {@link
 * dev.helix.laws.cache.CacheLaws}, the contract that a test class inherits, and {@link
 * dev.helix.laws.cache.RankCache}, what its adapter implements.
 */
package dev.helix.laws.cache;
