/**
 * Rotary position embedding: by which angles the pairs of components of queries and keys turn.
 * Start with {@link dev.helix.attention.rotary.RotaryEmbedding} and {@link
 * dev.helix.attention.rotary.RopeParameters}.
 */
package dev.helix.attention.rotary;
