/**
 * Defines what the attention of the {@code exact} reading computes, unsharded and in its plainest
 * form, with exact sums. Start with {@link dev.helix.attention.definition.AttentionDefinition} and
 * {@link dev.helix.attention.definition.LatentAttentionDefinition}. Neither knows operations, ranks
 * or the cache.
 */
package dev.helix.attention.definition;
