/**
 * The FFN in the {@code exact} reading: {@link dev.helix.ffn.exact.ExactFfnKernels}. Its sums are
 * those of the common kernels.
 */
package dev.helix.ffn.exact;
