/**
 * The attention kernels as the textbook has them, over any arithmetic: a softmax in two passes over
 * all visible tokens, and the merge by the formula for the log-sum-exp.
 *
 * <p>Start with {@link dev.helix.attention.scalar.ScalarAttentionKernels}; {@link
 * dev.helix.tensor.scalar} says what the arithmetic is.
 */
package dev.helix.attention.scalar;
