/**
 * Attention as the textbook has it, over the whole cache, and how far rounding can take the sharded
 * program from it.
 *
 * <p>A shared program cannot reveal an error that it shares. So {@link
 * dev.helix.attention.baseline.UnshardedAttention} is written separately, in plain doubles, with
 * simple loops in the order of the formula: it has no kernels, no ranks, no merge and no rotary
 * code in common with the sharded program, and is read as its specification; {@link
 * dev.helix.attention.baseline.UnshardedLatentAttention} is its like for latent attention, with
 * nothing absorbed. {@link dev.helix.attention.baseline.AttentionErrorBound} walks beside it and
 * says, for each component of each output, by how much two careful programs may differ.
 */
package dev.helix.attention.baseline;
