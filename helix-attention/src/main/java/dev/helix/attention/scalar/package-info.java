/**
 * The attention kernels by their textbook formulas, in any arithmetic: a softmax in two passes over
 * all visible tokens, and the merge by the formula for the log-sum-exp.
 *
 * <p>Start with {@link dev.helix.attention.scalar.ScalarAttentionKernels} and {@link
 * dev.helix.attention.scalar.ScalarLatentKernels}. The package {@link dev.helix.tensor.scalar} has
 * the arithmetics.
 */
package dev.helix.attention.scalar;
