/**
 * Attention in the {@code exact} reading, which gives the same bits for every layout. Start with
 * {@link dev.helix.attention.exact.ExactAttentionKernels}, and with {@link
 * dev.helix.attention.definition.AttentionDefinition}, which says what it computes.
 *
 * <p>A token's weight is f·2^k, made from its score alone. A shard's state is the pair of exact
 * sums (Σ p·v, Σ p). They have absolute exponents, so that no maximum is needed and nothing is
 * rescaled. The merge adds integers, so states form a commutative monoid with the empty shard as
 * identity. The output is the quotient of the two sums, rounded once. So merging copies of a state
 * changes no bit, values that are all equal give that value, and outputs never leave the hull of
 * the values.
 *
 * <p>Latent attention does the same in its absorbed form ({@link
 * dev.helix.attention.exact.ExactLatentKernels}). One rank computes the whole absorption of a query
 * and the whole expansion of a merged head, so these are dot products in fixed order. {@link
 * dev.helix.attention.definition.LatentAttentionDefinition} bounds the difference from the
 * textbook.
 *
 * <p>The only roundings before the last are of one token each: the score's dot product (γ_d·Σ|qᵢkᵢ|
 * of scale·q·k, at least |s|·u) and its exponential (below 2.6u). Scores up to ±2¹⁹ are supported,
 * in any mixture. Scores beyond them and NaN throw {@link
 * dev.helix.tensor.exact.ExactRangeException}.
 *
 * <p><b>Speed.</b> One layer with 8 query and 2 KV heads of 64 takes 2.8 times the CPU time of the
 * {@code fp64} reading for 65,536 tokens in one thread (92 ms to 33 ms; {@code
 * ExactAttentionBenchmark} in {@code tests}).
 *
 * <p><b>Memory.</b> Each row, head and value component takes 8 bytes for each place of 40 bits that
 * its products touch. These are 6 to 10 places for scores within ±50, and 361·2 for a full span of
 * ±10⁴ that touches each place. More tokens never take more.
 */
package dev.helix.attention.exact;
