/**
 * Bounds of how far rounding can take the sharded FFN from its baseline, derived term by term.
 * Start with {@link dev.helix.ffn.bounds.SwiGluErrorBound}, and with {@link
 * dev.helix.ffn.bounds.FfnErrorBound}, which finds the bound for a baseline.
 */
package dev.helix.ffn.bounds;
