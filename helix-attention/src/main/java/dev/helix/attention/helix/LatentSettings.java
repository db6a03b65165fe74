package dev.helix.attention.helix;

import dev.helix.attention.rotary.RopeParameters;

/**
 * How the ranks run one layer of latent attention; the same on all of them.
 *
 * @param sharding which heads and which part of the sequence each rank has
 * @param rope the rotation of queries and keys
 * @param epsilon ε of the norms of compressed query and latent
 * @param hopB whether attention and exchange are launched for each request by itself (HOP-B)
 */
public record LatentSettings(
    LatentSharding sharding, RopeParameters rope, double epsilon, boolean hopB) {}
