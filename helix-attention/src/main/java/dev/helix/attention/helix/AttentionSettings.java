package dev.helix.attention.helix;

import dev.helix.attention.ScoreRule;
import dev.helix.attention.rotary.RotaryEmbedding;

/**
 * How the ranks run one layer of grouped-query attention; the same on all of them.
 *
 * @param sharding which heads and which part of the sequence each rank has
 * @param rotary the rotation of queries and keys
 * @param score of all heads of the layer
 * @param hopB whether attention and exchange are launched for each request by itself (HOP-B)
 */
public record AttentionSettings(
    AttentionSharding sharding, RotaryEmbedding rotary, ScoreRule score, boolean hopB) {}
