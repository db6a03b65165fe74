/**
 * The FFN in the {@code exact} reading. Start with {@link dev.helix.ffn.exact.ExactFfnKernels} and
 * {@link dev.helix.ffn.exact.ExactMoeKernels}. The sums of a dense FFN are computed by the common
 * kernels.
 *
 * <p><b>What is rounded where</b> in a mixture of experts. Router logits and the columns of gate
 * and up projections are dot products in fixed order. An activation is multiplied by the weight of
 * its assignment. The sum over columns and chosen experts is one exact sum, which is rounded once
 * where the groups come together. The shared expert's down projection is another exact sum, which
 * its all-reduce rounds once. The addition of the two is one more rounding. They are the outputs of
 * two layers on any layout, so carrying them on unrounded would gain nothing.
 */
package dev.helix.ffn.exact;
