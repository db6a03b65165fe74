package dev.helix.attention.nd4j;

import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The result of sharded attention, on each rank and as a whole.
 *
 * @param ranks the states of each rank; rank r = KVP index + KVP · TPA index
 * @param output {@code [batch, heads, headDim]}, order 'c', in memory of its own: the merged heads
 *     of all ranks. In the order of ranks they are the model's query heads
 */
public record ShardedStates(List<RankStates> ranks, INDArray output) {
  public ShardedStates {
    ranks = List.copyOf(ranks);
  }
}
