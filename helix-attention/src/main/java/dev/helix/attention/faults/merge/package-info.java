/**
 * Faults of the merge by log-sum-exp: {@link dev.helix.attention.faults.merge.MergeFaults} lists
 * them. A {@link dev.helix.attention.faults.merge.MergeFault} merges plain arrays too, so that the
 * laws of the merge can be held against it without any rank.
 */
package dev.helix.attention.faults.merge;
