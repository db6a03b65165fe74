/**
 * Defines what the {@code exact} reading computes for a whole decoder. Start with {@link
 * dev.helix.runtime.definition.DecoderDefinition}, which puts the definitions of attention and FFN
 * together, and {@code GroupedQueryLayer}. They are the specification: the reading must give these
 * bits for every layout.
 */
package dev.helix.runtime.definition;
