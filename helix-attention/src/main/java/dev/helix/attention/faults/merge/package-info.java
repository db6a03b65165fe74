/**
 * Faults of the merge by log-sum-exp. Start with {@link
 * dev.helix.attention.faults.merge.MergeFaults}, which lists them ({@code TileFaults} has those of
 * sizes), and {@link dev.helix.attention.faults.merge.MergeFault}, which also merges plain arrays,
 * so that the laws of the merge can be tested on it without any rank.
 */
package dev.helix.attention.faults.merge;
