/**
 * How a model is spread over ranks. {@link dev.helix.runtime.strategy.DecoderLoader} loads what one
 * rank needs: it and the loaders beside it alone know which slice of which weight a rank holds.
 * {@link dev.helix.runtime.strategy.PlacementRule} says which tokens of a request a shard of the KV
 * cache keeps.
 */
package dev.helix.runtime.strategy;
