/**
 * Tensor parallelism (TP), the first rival that the paper compares Helix with, as a strategy of the
 * whole decoder. The only class is {@link
 * dev.helix.runtime.strategy.tensorparallel.TensorParallelStrategy}, which is the program of Helix
 * with KVP = 1. If there are not enough KV heads for all ranks, several ranks keep the same one
 * ({@link dev.helix.attention.helix.KvHeads}).
 */
package dev.helix.runtime.strategy.tensorparallel;
