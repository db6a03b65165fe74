/**
 * The {@code fp64} reading: what a careful GPU engineer would compute if double precision were the
 * deployed precision. ND4J gives the memory and the BLAS; fused element-wise kernels are loops over
 * that memory, because one ND4J operation costs 10 to 40 µs before it computes, and several would
 * be needed for one launch.
 *
 * <p>Not bit-for-bit independent of the layout: BLAS sums in an order that depends on the shape.
 * Each result is within a few γₙ of the true value, γₙ = n·u/(1 − n·u), u = 2⁻⁵³.
 */
package dev.helix.tensor.fp64;
