package dev.helix.runtime.strategy.group;

import dev.helix.attention.SelfAttention;
import dev.helix.attention.cache.KvShard;
import dev.helix.attention.cache.PageForm;
import dev.helix.runtime.checkpoint.LlamaNames;
import dev.helix.runtime.loading.RankCaches;
import dev.helix.runtime.loading.RankLoading;
import dev.helix.runtime.loading.RankWeights;
import dev.helix.runtime.reading.RankOperations;
import dev.helix.tensor.Axis;
import dev.helix.tensor.Tensor;

/** Loads one rank's attention of a layer, with its slices of the weights and an empty cache. */
abstract sealed class AttentionLoader<T extends Tensor> permits GroupedQueryLoader, LatentLoader {
  final GroupModel group;
  final RankOperations<T> operations;
  final RankWeights<T> weights;
  final int rank;
  private final RankCaches caches;

  AttentionLoader(GroupModel group, RankLoading<T> loading) {
    this.group = group;
    this.operations = loading.operations();
    this.weights = loading.weights();
    this.rank = loading.rank();
    this.caches = loading.caches();
  }

  abstract SelfAttention<T> load(int layer);

  /**
   * Creates the empty cache of a layer.
   *
   * @param firstKvHead the first KV head that the rank caches
   * @param form what its pages keep of each token
   */
  final KvShard<T> cache(int layer, int firstKvHead, PageForm form) {
    return new KvShard<>(
        operations.attention(),
        group.layout().kvpIndex(rank),
        form,
        caches.store(layer, firstKvHead));
  }

  /** Loads columns {@code [from, to)} of the output projection. */
  final T output(int layer, int from, int to) {
    int hidden = group.model().attention().hidden();
    return weights.matrix(
        Axis.HIDDEN,
        hidden,
        Axis.HEADS_BY_DIM,
        to - from,
        weights.slice(LlamaNames.attentionOutput(layer), 0, hidden, from, to));
  }
}
