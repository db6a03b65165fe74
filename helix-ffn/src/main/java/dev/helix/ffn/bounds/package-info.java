/**
 * How far rounding can take the sharded FFN from its baseline, derived term by term. Start with
 * {@link dev.helix.ffn.bounds.SwiGluErrorBound}; {@link dev.helix.ffn.bounds.FfnErrorBound} finds
 * the bound of a baseline.
 */
package dev.helix.ffn.bounds;
