/**
 * The merge of partial attention (arXiv 2507.07120, §2.1). It turns the partial states of the ranks
 * into the attention over the whole sequence: O = Σᵢ exp(LSEᵢ − LSE)·Oᵢ with LSE = ln Σᵢ exp(LSEᵢ).
 * This package has the merges that run: the {@code mergeByLse} of each reading that has numbers
 * calls one of them. They take numbers, know neither ranks nor launches, and can be tested alone.
 *
 * <p>Start with {@link dev.helix.attention.merge.Fp64Merge}, the merge as one writes it in floating
 * point, and {@link dev.helix.attention.merge.ExactMerge}, which is associative in fact and not on
 * paper only. {@link dev.helix.attention.merge.ScalarMerge} is the formula over any arithmetic:
 * that of the {@code oracle} reading with its 50 digits, and of the {@code counting} reading.
 * {@link dev.helix.attention.merge.ConventionMerge} rounds as a serving system does, for dumps that
 * look like those of one.
 */
package dev.helix.attention.merge;
