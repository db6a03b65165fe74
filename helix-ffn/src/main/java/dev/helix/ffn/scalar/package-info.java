/**
 * The FFN kernels by their formulas, in any arithmetic. Start with {@link
 * dev.helix.ffn.scalar.ScalarFfnKernels} and {@link dev.helix.ffn.scalar.ScalarMoeKernels}. The
 * package {@link dev.helix.tensor.scalar} has the arithmetics.
 */
package dev.helix.ffn.scalar;
