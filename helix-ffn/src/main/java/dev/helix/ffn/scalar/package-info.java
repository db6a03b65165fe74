/**
 * The FFN kernels by their formulas, over any arithmetic: {@link
 * dev.helix.ffn.scalar.ScalarFfnKernels}. {@link dev.helix.tensor.scalar} says what the arithmetic
 * is.
 */
package dev.helix.ffn.scalar;
