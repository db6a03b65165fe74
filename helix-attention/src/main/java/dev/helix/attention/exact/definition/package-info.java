/**
 * What the {@code exact} reading's attention means: {@link
 * dev.helix.attention.exact.definition.AttentionDefinition} and {@link
 * dev.helix.attention.exact.definition.LatentAttentionDefinition}, unsharded, in their plainest
 * form.
 */
package dev.helix.attention.exact.definition;
