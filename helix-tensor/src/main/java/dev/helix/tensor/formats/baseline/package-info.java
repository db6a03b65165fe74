/**
 * Reads the bits of a quantised KV cache, and judges them, for the baseline. A shared program
 * cannot reveal an error that it shares, so this one looks numbers up in tables that are made from
 * the definitions of the formats, and shares nothing with the codecs. Start with {@link
 * dev.helix.tensor.formats.baseline.StoredBits}, then read {@code CodeValues}.
 */
package dev.helix.tensor.formats.baseline;
