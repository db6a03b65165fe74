/**
 * A KV cache in a narrower number format. Start with {@link
 * dev.helix.attention.cache.quantized.QuantizedTokens}, which rounds the numbers of a token once,
 * when the rank that owns it appends it, and {@link dev.helix.attention.cache.quantized.KvScales},
 * which has the constant scales of a layer. A block of numbers that share a scale lies inside one
 * token and one head, so that the bits do not depend on how the cache is cut.
 */
package dev.helix.attention.cache.quantized;
