/**
 * Attention in the {@code exact} reading: the same bits for every layout. Start with {@link
 * dev.helix.attention.exact.ExactAttentionKernels}; {@link
 * dev.helix.attention.definition.AttentionDefinition} says what it computes.
 *
 * <p>A token's weight is f·2^k from its score alone. A shard's state is the pair of exact sums (Σ
 * p·v, Σ p); it stands at absolute exponents, so that no maximum is needed and nothing is rescaled.
 * The merge adds integers: a commutative monoid with the empty shard as identity. The output is the
 * quotient of the two sums, rounded once. So copies of a state, values that are all equal, and the
 * hull of the values are kept to the bit as well.
 *
 * <p>Latent attention is the same over its absorbed form ({@link
 * dev.helix.attention.exact.ExactLatentKernels}): the absorption of a query and the expansion of a
 * merged head are whole on whatever rank does them, so they are dot products in fixed order. {@link
 * dev.helix.attention.definition.LatentAttentionDefinition} bounds what that differs from the
 * textbook by.
 *
 * <p>The only roundings before the last are of one token each: the score's dot product (γ_d·Σ|qᵢkᵢ|
 * of scale·q·k, at least |s|·u) and its exponential (below 2.6u). Supported are scores up to ±2¹⁹,
 * in any mixture; beyond them and for NaN, {@link dev.helix.tensor.exact.ExactRangeException}.
 *
 * <p><b>Speed.</b> One layer, 8 query and 2 KV heads of 64, 65,536 tokens, one thread: 2.8 times
 * the {@code fp64} reading's CPU time (92 ms to 33 ms; {@code ExactAttentionBenchmark} in {@code
 * tests}).
 *
 * <p><b>Memory.</b> For each row, head and value component 8 bytes times the places of 40 bits that
 * its products touch: 6 to 10 for scores within ±50, 361·2 for a full span of ±10⁴ of which each
 * place is touched; never more with more tokens.
 */
package dev.helix.attention.exact;
