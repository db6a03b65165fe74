package dev.helix.runtime.loading;

import dev.helix.runtime.checkpoint.ModelConfig;
import dev.helix.runtime.reading.RankOperations;
import dev.helix.tensor.Tensor;

/**
 * Everything that one rank makes its parts of a model from.
 *
 * @param operations the operations of the rank
 * @param weights slices of the model's weights
 * @param routers the routers of its experts
 * @param caches how the rank keeps its KV caches
 */
public record RankLoading<T extends Tensor>(
    RankOperations<T> operations,
    RankWeights<T> weights,
    RouterSource<T> routers,
    RankCaches caches) {
  /** The loading of a rank whose caches keep numbers as they are. */
  public RankLoading(
      RankOperations<T> operations, RankWeights<T> weights, RouterSource<T> routers) {
    this(operations, weights, routers, RankCaches.UNQUANTIZED);
  }

  public int rank() {
    return operations.kernels().rank();
  }

  public ModelConfig model() {
    return weights.source().config();
  }
}
