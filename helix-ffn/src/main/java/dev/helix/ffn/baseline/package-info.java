/**
 * The unsharded FFN, dense and of experts, by the textbook's formulas.
 *
 * <p>Start with {@link dev.helix.ffn.baseline.UnshardedSwiGlu} and {@link
 * dev.helix.ffn.baseline.UnshardedMoe}, written separately from the sharded program so that it
 * cannot share an error with it. The package {@link dev.helix.ffn.bounds} says how far two careful
 * programs may differ.
 */
package dev.helix.ffn.baseline;
