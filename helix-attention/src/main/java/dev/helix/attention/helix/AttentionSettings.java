package dev.helix.attention.helix;

import dev.helix.attention.ScoreRule;
import dev.helix.attention.rotary.RotaryEmbedding;

/**
 * The settings of one layer of grouped-query attention, which are the same on all ranks.
 *
 * @param sharding which heads and which part of the sequence each rank has
 * @param rotary the rotary embedding of queries and keys
 * @param score the score rule of all heads of the layer
 * @param hopB whether attention and exchange are launched for each request by itself (HOP-B)
 */
public record AttentionSettings(
    AttentionSharding sharding, RotaryEmbedding rotary, ScoreRule score, boolean hopB) {}
