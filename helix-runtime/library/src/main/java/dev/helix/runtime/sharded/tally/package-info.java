/**
 * What remains of a comparison of dumped numbers with expected ones: how many there were, where
 * they stand and which share of its bound each takes. Start with {@link
 * dev.helix.runtime.sharded.tally.Tally} and {@link dev.helix.runtime.sharded.tally.Element}, which
 * is one such number.
 */
package dev.helix.runtime.sharded.tally;
