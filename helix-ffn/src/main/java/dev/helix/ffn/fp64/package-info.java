/** FFN kernels of the {@code fp64} reading. */
package dev.helix.ffn.fp64;
