/**
 * What a rank makes its weights of. {@link dev.helix.runtime.loading.RankWeights} gives slices of a
 * model's weights as constants of one rank, each in the precision that {@link
 * dev.helix.runtime.loading.DeployedPrecision} says; a {@code RouterSource} gives the routers of
 * its experts.
 */
package dev.helix.runtime.loading;
