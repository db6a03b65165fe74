/**
 * How far rounding can take a careful implementation from the true value, derived term by term:
 * {@link dev.helix.attention.bounds.MergeBound} for a merge of partial states under a convention.
 * Laws and verification share these bounds; a tolerance that is not derived stands nowhere.
 */
package dev.helix.attention.bounds;
