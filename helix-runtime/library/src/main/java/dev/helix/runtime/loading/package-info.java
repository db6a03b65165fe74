/**
 * Puts weights on ranks. Start with {@link dev.helix.runtime.loading.RankLoading}, which has
 * everything that a strategy needs to make one rank's parts, and {@link
 * dev.helix.runtime.loading.RankWeights}, which puts slices of a model's weights on that rank, each
 * in the number format that {@code DeployedPrecision} says.
 */
package dev.helix.runtime.loading;
