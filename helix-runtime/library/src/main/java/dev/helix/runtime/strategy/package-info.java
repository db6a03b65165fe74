/**
 * How a model is spread over ranks, as a value. A {@link dev.helix.runtime.strategy.Strategy} says
 * which rank has which slice of which weight and of the KV cache, and what crosses between ranks;
 * {@link dev.helix.runtime.strategy.DecoderLoader} puts one rank's decoder together from the parts
 * that it makes. {@link dev.helix.runtime.strategy.helix} is the one strategy so far. TP, TP × PP
 * with a stage of the layers on each group of ranks, DP with EP, and Medha would each be another.
 */
package dev.helix.runtime.strategy;
