/**
 * Defines what becomes of numbers in the formats of a KV cache, by arithmetic alone and without
 * bits. {@link dev.helix.tensor.formats.definition.CacheFormatDefinition} is the whole of it, and
 * {@code Grid} is the set of numbers of one element format.
 */
package dev.helix.tensor.formats.definition;
