/**
 * The attention kernels of the {@code fp64} reading, in double precision on ND4J's memory and BLAS.
 * Start with {@link dev.helix.attention.fp64.Fp64AttentionKernels} and {@link
 * dev.helix.attention.fp64.Fp64LatentKernels}.
 */
package dev.helix.attention.fp64;
