package dev.helix.attention.helix;

import dev.helix.attention.rotary.RopeParameters;

/**
 * The settings of one layer of latent attention, which are the same on all ranks.
 *
 * @param sharding which heads and which part of the sequence each rank has
 * @param rope the rotary embedding of queries and keys
 * @param epsilon ε of the norms of compressed query and latent
 * @param hopB whether attention and exchange are launched for each request by itself (HOP-B)
 */
public record LatentSettings(
    LatentSharding sharding, RopeParameters rope, double epsilon, boolean hopB) {}
