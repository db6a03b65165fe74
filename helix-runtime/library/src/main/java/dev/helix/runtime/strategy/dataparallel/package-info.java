/**
 * Data parallel attention with expert parallelism (DP + EP) as a strategy of the whole decoder.
 * {@link dev.helix.runtime.strategy.dataparallel.DataParallelStrategy} says which group has which
 * requests and which rank sends which token; {@code DataParallelPartLoader} takes all parts from
 * the rank's group but the experts, which {@link dev.helix.ffn.expertparallel} runs on all ranks.
 */
package dev.helix.runtime.strategy.dataparallel;
