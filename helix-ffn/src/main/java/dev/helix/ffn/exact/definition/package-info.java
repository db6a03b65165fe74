/**
 * What the {@code exact} reading's FFN means: {@link
 * dev.helix.ffn.exact.definition.SwiGluDefinition}, unsharded, in its plainest form.
 */
package dev.helix.ffn.exact.definition;
