/**
 * Faults in what a rank makes of the numbers of its quantised cache: scales of too many tokens,
 * scales of another tensor, and bits that are read in another order. Start with {@link
 * dev.helix.attention.faults.quantized.QuantizationFault}, which lists them, then read {@code
 * FaultyTokens}, which has a rank's cache with one of them.
 */
package dev.helix.attention.faults.quantized;
