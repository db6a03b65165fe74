/**
 * Defines what the common kernels of the {@code exact} reading compute, in the plainest form:
 * without ranks, without tensors, and without care for speed. The reading must give the same bits.
 *
 * <p>Start with {@link dev.helix.tensor.exact.definition.LinearDefinition}; {@link
 * dev.helix.tensor.exact.definition.Dyadic} is the exact number that it rests on. Nothing here uses
 * code of the reading, so an error would have to be made twice.
 */
package dev.helix.tensor.exact.definition;
