/**
 * How far rounding can take a careful program from the true value or from the baseline, derived
 * term by term. Start with {@link dev.helix.attention.bounds.MergeBound}, of a merge of partial
 * states under a convention, and {@link dev.helix.attention.bounds.AttentionErrorBound}, which
 * walks beside the baseline and says for each component of each output by how much two careful
 * programs may differ. Laws and verification share these, and use no tolerance that is not derived.
 */
package dev.helix.attention.bounds;
