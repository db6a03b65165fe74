/**
 * The FFN kernels of the {@code fp64} reading, in double precision on ND4J's memory and BLAS. Start
 * with {@link dev.helix.ffn.fp64.Fp64FfnKernels} and {@link dev.helix.ffn.fp64.Fp64MoeKernels}.
 */
package dev.helix.ffn.fp64;
