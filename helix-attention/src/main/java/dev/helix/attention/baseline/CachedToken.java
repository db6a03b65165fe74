package dev.helix.attention.baseline;

/**
 * The numbers that a cache holds for one token in one layer.
 *
 * @param keys {@code [kvHeads·headDim]}, rotated; in latent attention the entry, {@code [latent +
 *     rope]}, with the rotary components as the model pairs them; not to be changed
 * @param values {@code [kvHeads·headDim]}; empty in latent attention; not to be changed
 */
@SuppressWarnings("ArrayRecordComponent") // The numbers are read and never compared.
public record CachedToken(double[] keys, double[] values) {}
