/**
 * What the {@code exact} reading's FFN means, unsharded and in its plainest form: {@link
 * dev.helix.ffn.exact.definition.SwiGluDefinition} and {@link
 * dev.helix.ffn.exact.definition.MoeDefinition}.
 */
package dev.helix.ffn.exact.definition;
