/**
 * The FFN, dense and of experts, as the textbook has it, unsharded.
 *
 * <p>Start with {@link dev.helix.ffn.baseline.UnshardedSwiGlu} and {@link
 * dev.helix.ffn.baseline.UnshardedMoe}, written separately from the sharded program so that it
 * cannot share an error with it. By how much two careful programs may differ is in {@link
 * dev.helix.ffn.bounds}.
 */
package dev.helix.ffn.baseline;
