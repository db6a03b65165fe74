/**
 * What the attention of the {@code exact} reading means, unsharded and in its plainest form, in
 * exact sums: {@link dev.helix.attention.definition.AttentionDefinition} and {@link
 * dev.helix.attention.definition.LatentAttentionDefinition}. They know neither the operations, nor
 * ranks, nor the cache.
 */
package dev.helix.attention.definition;
