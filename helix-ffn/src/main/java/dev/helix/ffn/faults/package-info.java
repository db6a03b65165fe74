/**
 * Faults of the feed-forward network that serving systems have shipped, as values: {@link
 * dev.helix.ffn.faults.FfnFaults} lists them, {@link dev.helix.ffn.faults.FfnFault} says what one
 * may change of a rank.
 */
package dev.helix.ffn.faults;
