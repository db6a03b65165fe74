/**
 * What the {@code exact} reading's FFN means, unsharded and in its plainest form: {@link
 * dev.helix.ffn.definition.SwiGluDefinition} and {@link dev.helix.ffn.definition.MoeDefinition}.
 */
package dev.helix.ffn.definition;
