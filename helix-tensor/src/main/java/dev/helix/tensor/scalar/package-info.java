/**
 * The common kernels as a textbook has them, element by element, in any arithmetic. So one set of
 * kernels serves several readings.
 *
 * <p>Start with {@link dev.helix.tensor.scalar.Arithmetic}, which a reading chooses, and {@link
 * dev.helix.tensor.scalar.ScalarKernels}, which add and multiply only through it. {@link
 * dev.helix.tensor.scalar.CountingArithmetic} computes in doubles and counts; {@link
 * dev.helix.tensor.scalar.DecimalArithmetic} has 50 digits and gives the {@code oracle} reading.
 *
 * <p>The code shares nothing with the {@code fp64} reading, so that the two can be held against
 * each other. It is slow, as every number is an object, and not meant for the shapes of real
 * models.
 */
package dev.helix.tensor.scalar;
