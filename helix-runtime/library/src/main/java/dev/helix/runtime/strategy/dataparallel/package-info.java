/**
 * Data parallel attention with expert parallelism (DP + EP) as a strategy of the whole decoder.
 * Start with {@link dev.helix.runtime.strategy.dataparallel.DataParallelStrategy}, which says which
 * group has which requests and which rank sends which token, and {@code DataParallelPartLoader},
 * which takes all parts from the rank's group except the experts. {@link
 * dev.helix.ffn.expertparallel} runs these on all ranks.
 */
package dev.helix.runtime.strategy.dataparallel;
