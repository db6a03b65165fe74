package dev.helix.attention.nd4j;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * What one rank held on the way.
 *
 * @param partial before the all-to-all: of Q/TPA heads over the rank's own tokens, {@code [batch,
 *     heads=Q/TPA, headDim]}
 * @param exchanged after it: of the Q/N heads that the rank owns, one state for each rank of the
 *     KVP group, in the order of their KVP index, {@code [shards=KVP, batch, heads=Q/N, headDim]}
 * @param merged the whole attention of these heads, {@code [batch, heads=Q/N, headDim]}
 */
public record RankStates(PartialStates partial, PartialStates exchanged, INDArray merged) {}
