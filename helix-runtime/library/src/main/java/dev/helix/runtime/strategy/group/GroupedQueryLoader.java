package dev.helix.runtime.strategy.group;

import dev.helix.attention.AttentionShape;
import dev.helix.attention.ScoreRule;
import dev.helix.attention.SelfAttention;
import dev.helix.attention.cache.PageForm;
import dev.helix.attention.helix.AttentionSettings;
import dev.helix.attention.helix.AttentionSharding;
import dev.helix.attention.helix.AttentionWeights;
import dev.helix.attention.helix.HelixAttention;
import dev.helix.attention.rotary.RotaryEmbedding;
import dev.helix.runtime.checkpoint.Checkpoint;
import dev.helix.runtime.checkpoint.LlamaNames;
import dev.helix.runtime.checkpoint.ModelConfig;
import dev.helix.runtime.loading.RankLoading;
import dev.helix.tensor.Axis;
import dev.helix.tensor.Tensor;
import dev.helix.tensor.WeightSlice;
import java.util.List;

/**
 * Loads one rank's grouped-query attention of a layer: its slices of the weights, and an empty
 * cache.
 */
final class GroupedQueryLoader<T extends Tensor> extends AttentionLoader<T> {
  private final AttentionSharding sharding;

  GroupedQueryLoader(GroupModel group, AttentionSharding sharding, RankLoading<T> loading) {
    super(group, loading);
    this.sharding = sharding;
  }

  @Override
  SelfAttention<T> load(int layer) {
    ModelConfig model = group.model();
    int dim = sharding.shape().headDim();
    return new HelixAttention<>(
        operations.ofAttention(),
        new AttentionSettings(
            sharding, new RotaryEmbedding(model.rope(), dim), scoreRule(model), group.hopB()),
        layerWeights(layer),
        cache(
            layer,
            sharding.firstKvHead(rank),
            PageForm.keysAndValues(sharding.localKvHeads(), dim, weights.precision().kv())));
  }

  private ScoreRule scoreRule(ModelConfig model) {
    ScoreRule rule = ScoreRule.ofScale(sharding.shape().scoreScale());
    return model.slidingWindow().isPresent()
        ? rule.withWindow(model.slidingWindow().getAsInt())
        : rule;
  }

  /**
   * Loads the rows of this rank's Q/TPA query and K/TPA KV heads, and the columns of its Q/N owned
   * heads.
   */
  private AttentionWeights<T> layerWeights(int layer) {
    AttentionShape whole = sharding.shape();
    AttentionShape local = sharding.local();
    int dim = whole.headDim();
    int hidden = whole.hidden();
    int queryFrom = sharding.firstPartialHead(rank) * dim;
    int queryTo = queryFrom + local.queryHeads() * dim;
    int kvFrom = sharding.firstKvHead(rank) * dim;
    int kvTo = kvFrom + local.kvHeads() * dim;
    WeightSlice qkv =
        Checkpoint.stack(
            List.of(
                weights.slice(LlamaNames.query(layer), queryFrom, queryTo, 0, hidden),
                weights.slice(LlamaNames.key(layer), kvFrom, kvTo, 0, hidden),
                weights.slice(LlamaNames.value(layer), kvFrom, kvTo, 0, hidden)));
    int own = sharding.owns(rank) ? sharding.ownedHeads() : 0;
    int ownFrom = own == 0 ? 0 : sharding.firstOwnedHead(rank) * dim;
    return new AttentionWeights<>(
        weights.matrix(Axis.QKV, local.qkvRows(), Axis.HIDDEN, hidden, qkv),
        output(layer, ownFrom, ownFrom + own * dim));
  }
}
