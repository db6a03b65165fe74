/**
 * Tensor parallelism (TP), the first rival of the paper, as a strategy of the whole decoder: {@link
 * dev.helix.runtime.strategy.tensorparallel.TensorParallelStrategy} is the program of Helix with
 * KVP = 1, and with KV heads that stand on several ranks where there are not enough of them ({@link
 * dev.helix.attention.helix.KvHeads}).
 */
package dev.helix.runtime.strategy.tensorparallel;
