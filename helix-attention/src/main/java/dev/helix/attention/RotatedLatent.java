package dev.helix.attention;

import dev.helix.tensor.Tensor;

/**
 * Queries and cache entries of a step in latent attention, absorbed and rotated.
 *
 * @param queries {@code [batch, heads, headDim]}, headDim = latent + rope
 * @param entries {@code [batch, kvHeads=1, headDim]}: the normalised latent, then the rotary key
 */
public record RotatedLatent<T extends Tensor>(T queries, T entries) {}
