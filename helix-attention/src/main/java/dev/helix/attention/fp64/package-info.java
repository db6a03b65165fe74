/** Attention kernels of the {@code fp64} reading. */
package dev.helix.attention.fp64;
