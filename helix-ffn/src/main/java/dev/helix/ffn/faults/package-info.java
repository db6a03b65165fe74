/**
 * Faults of the feed-forward network that serving systems have shipped, as values. Start with
 * {@link dev.helix.ffn.faults.FfnFaults}, which lists them, and {@link
 * dev.helix.ffn.faults.FfnFault}, which says what a fault may change in a rank.
 */
package dev.helix.ffn.faults;
