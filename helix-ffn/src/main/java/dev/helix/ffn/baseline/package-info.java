/**
 * The FFN, dense and of experts, as the textbook has it, unsharded, and how far rounding can take
 * the sharded program from it.
 *
 * <p>Start with {@link dev.helix.ffn.baseline.UnshardedSwiGlu} and {@link
 * dev.helix.ffn.baseline.UnshardedMoe}, written separately from the sharded program so that it
 * cannot share an error with it; {@link dev.helix.ffn.baseline.SwiGluErrorBound} says by how much
 * two careful programs may differ.
 */
package dev.helix.ffn.baseline;
