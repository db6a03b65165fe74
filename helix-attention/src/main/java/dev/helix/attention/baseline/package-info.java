/**
 * Unsharded attention by the textbook's formula, over the whole cache.
 *
 * <p>A shared program cannot reveal an error that it shares. So {@link
 * dev.helix.attention.baseline.UnshardedAttention} is written separately, in plain doubles, with
 * simple loops in the order of the formula. It shares no kernels, ranks, merge or rotary code with
 * the sharded program, and can be read as its specification. {@link
 * dev.helix.attention.baseline.UnshardedLatentAttention} does the same for latent attention and
 * absorbs nothing. Start with these two. The package {@link dev.helix.attention.bounds} says how
 * far rounding can take the sharded program from them.
 */
package dev.helix.attention.baseline;
