package dev.helix.attention.nd4j;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The states of attention that one rank held before the exchange, after it, and after the merge.
 *
 * @param partial the state before the all-to-all: Q/TPA heads over the rank's own tokens, {@code
 *     [batch, heads=Q/TPA, headDim]}
 * @param exchanged the states after it: for the Q/N heads that the rank owns one state of each rank
 *     of the KVP group, in the order of their KVP index, {@code [shards=KVP, batch, heads=Q/N,
 *     headDim]}
 * @param merged the whole attention of these heads, {@code [batch, heads=Q/N, headDim]}
 */
public record RankStates(PartialStates partial, PartialStates exchanged, INDArray merged) {}
