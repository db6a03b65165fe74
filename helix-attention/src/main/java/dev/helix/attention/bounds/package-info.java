/**
 * Bounds of how far rounding can take a careful program from the true value or from the baseline,
 * derived term by term. Start with {@link dev.helix.attention.bounds.MergeBound}, for a merge of
 * partial states under a convention, and {@link dev.helix.attention.bounds.AttentionErrorBound},
 * which follows the baseline and says for each component of each output how far two careful
 * programs may differ. Laws and verification share these bounds, and use no tolerance that is not
 * derived.
 */
package dev.helix.attention.bounds;
