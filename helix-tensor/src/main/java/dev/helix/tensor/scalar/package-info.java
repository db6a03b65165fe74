/**
 * The common kernels as the textbook has them, element by element, over any arithmetic: one set of
 * kernels for several readings.
 *
 * <p>Start with {@link dev.helix.tensor.scalar.Arithmetic}, which is what a reading chooses, and
 * {@link dev.helix.tensor.scalar.ScalarKernels}, in which no number is added or multiplied but
 * through it. {@link dev.helix.tensor.scalar.CountingArithmetic} computes in doubles and counts;
 * {@link dev.helix.tensor.scalar.DecimalArithmetic} has 50 digits and gives the {@code oracle}
 * reading.
 *
 * <p>The code shares nothing with the {@code fp64} reading, so that the two can be held against
 * each other. It is slow: every number is an object. Not for speed, nor for shapes of real models.
 */
package dev.helix.tensor.scalar;
