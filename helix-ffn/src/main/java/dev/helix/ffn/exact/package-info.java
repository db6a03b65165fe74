/**
 * The FFN in the {@code exact} reading: {@link dev.helix.ffn.exact.ExactFfnKernels}, whose sums are
 * those of the common kernels, and {@link dev.helix.ffn.exact.ExactMoeKernels}.
 *
 * <p><b>What is rounded where</b> in a mixture of experts. Router logits and the columns of gate
 * and up projections are dot products in fixed order. An activation is multiplied by the weight of
 * its assignment. The sum over columns and chosen experts is one exact sum, rounded once where the
 * groups come together. The shared expert's down projection is another, rounded once by its
 * all-reduce. The two are added with one rounding more: they are two layers' outputs on any layout,
 * so nothing is gained by carrying them on.
 */
package dev.helix.ffn.exact;
