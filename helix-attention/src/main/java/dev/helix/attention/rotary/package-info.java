/**
 * The rotary position embedding, which rotates pairs of components of queries and keys by angles
 * that depend on their position. Start with {@link dev.helix.attention.rotary.RotaryEmbedding} and
 * {@link dev.helix.attention.rotary.RopeParameters}.
 */
package dev.helix.attention.rotary;
