/**
 * Helix Parallelism as a strategy of the whole decoder. The only class is {@link
 * dev.helix.runtime.strategy.helix.HelixStrategy}, which is one group of all ranks. The packages
 * {@link dev.helix.attention.helix} and {@link dev.helix.ffn.helix} compute its parts, and {@link
 * dev.helix.runtime.strategy.group} says which slices of the weights a rank has.
 */
package dev.helix.runtime.strategy.helix;
