/**
 * Defines what the FFN of the {@code exact} reading computes, unsharded and in its plainest form.
 * Start with {@link dev.helix.ffn.definition.SwiGluDefinition} and {@link
 * dev.helix.ffn.definition.MoeDefinition}.
 */
package dev.helix.ffn.definition;
