/**
 * The ways to spread a model over ranks. Start with {@link dev.helix.runtime.strategy.Strategy},
 * which says which rank has which slice of which weight and of the KV cache, and what ranks
 * exchange, and {@link dev.helix.runtime.strategy.DecoderLoader}, which puts one rank's decoder
 * together from the parts that the strategy makes.
 *
 * <p>Each strategy is a package: {@link dev.helix.runtime.strategy.helix} and its rivals {@link
 * dev.helix.runtime.strategy.tensorparallel}, {@link dev.helix.runtime.strategy.pipeline}, {@link
 * dev.helix.runtime.strategy.dataparallel} and {@link dev.helix.runtime.strategy.medha}. All are
 * assemblies of {@link dev.helix.runtime.strategy.group}, a model on one group of ranks.
 */
package dev.helix.runtime.strategy;
