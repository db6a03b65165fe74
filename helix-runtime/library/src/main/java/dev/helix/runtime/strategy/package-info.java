/**
 * The ways to spread a model over ranks. Start with {@link dev.helix.runtime.strategy.Strategy},
 * which says which rank has which slice of which weight and of the KV cache, and what ranks
 * exchange, and {@link dev.helix.runtime.strategy.DecoderLoader}, which puts one rank's decoder
 * together from the parts that the strategy makes. {@link dev.helix.runtime.strategy.helix} is the
 * one strategy so far. TP, TP × PP with a stage of the layers on each group of ranks, DP with EP,
 * and Medha would each be another.
 */
package dev.helix.runtime.strategy;
