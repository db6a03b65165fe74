/**
 * What a rank makes its weights of. {@link dev.helix.runtime.loading.RankLoading} is all that a
 * strategy is given to make one rank's parts with; {@link dev.helix.runtime.loading.RankWeights}
 * gives slices of a model's weights as constants of that rank, each in the precision that {@code
 * DeployedPrecision} says.
 */
package dev.helix.runtime.loading;
