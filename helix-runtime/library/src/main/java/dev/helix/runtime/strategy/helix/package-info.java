/**
 * Helix Parallelism as a strategy of the whole decoder: {@link
 * dev.helix.runtime.strategy.helix.HelixStrategy}, one group of all ranks. What its parts compute
 * is in {@link dev.helix.attention.helix} and {@link dev.helix.ffn.helix}; which slices of the
 * weights a rank has is in {@link dev.helix.runtime.strategy.group}.
 */
package dev.helix.runtime.strategy.helix;
