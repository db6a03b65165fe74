/**
 * What the {@code exact} reading means for a whole decoder: {@link
 * dev.helix.runtime.definition.DecoderDefinition}, which puts the definitions of the modules below
 * together. It is the specification; the reading must give the same bits for every layout.
 */
package dev.helix.runtime.definition;
