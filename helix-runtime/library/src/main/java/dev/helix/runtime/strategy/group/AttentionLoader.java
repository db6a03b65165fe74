package dev.helix.runtime.strategy.group;

import dev.helix.attention.SelfAttention;
import dev.helix.attention.cache.KvShard;
import dev.helix.attention.cache.PageForm;
import dev.helix.runtime.checkpoint.LlamaNames;
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

  AttentionLoader(GroupModel group, RankOperations<T> operations, RankWeights<T> weights) {
    this.group = group;
    this.operations = operations;
    this.weights = weights;
    this.rank = operations.kernels().rank();
  }

  abstract SelfAttention<T> load(int layer);

  /** Creates an empty cache with pages of this form. */
  final KvShard<T> cache(PageForm form) {
    return new KvShard<>(operations.attention(), group.layout().kvpIndex(rank), form);
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
