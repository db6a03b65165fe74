/**
 * Attention as the textbook has it, over the whole cache.
 *
 * <p>A shared program cannot reveal an error that it shares. So {@link
 * dev.helix.attention.baseline.UnshardedAttention} is written separately, in plain doubles, with
 * simple loops in the order of the formula: it has no kernels, no ranks, no merge and no rotary
 * code in common with the sharded program, and is read as its specification; {@link
 * dev.helix.attention.baseline.UnshardedLatentAttention} is its like for latent attention, with
 * nothing absorbed. How far rounding can take the sharded program from it is in {@link
 * dev.helix.attention.bounds}.
 */
package dev.helix.attention.baseline;
