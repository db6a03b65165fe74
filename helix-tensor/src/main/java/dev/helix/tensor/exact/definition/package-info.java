/**
 * What the {@code exact} reading's common kernels mean, in the plainest form: no ranks, no tensors,
 * no care for speed. The reading must give the same bits.
 *
 * <p>Start with {@link dev.helix.tensor.exact.definition.LinearDefinition}; {@link
 * dev.helix.tensor.exact.definition.Dyadic} is all that "exact" rests on. Nothing here uses code of
 * the reading, so an error would have to be made twice.
 */
package dev.helix.tensor.exact.definition;
