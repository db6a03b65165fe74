/**
 * What the {@code exact} reading's attention means: {@link
 * dev.helix.attention.exact.definition.AttentionDefinition}, unsharded, in its plainest form.
 */
package dev.helix.attention.exact.definition;
