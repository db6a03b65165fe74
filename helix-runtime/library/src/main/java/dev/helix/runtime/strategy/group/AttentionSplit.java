package dev.helix.runtime.strategy.group;

import dev.helix.attention.helix.AttentionSharding;
import dev.helix.attention.helix.LatentSharding;
import dev.helix.runtime.checkpoint.ModelConfig;
import dev.helix.runtime.loading.RankLoading;
import dev.helix.tensor.InvalidInputException;
import dev.helix.tensor.Tensor;

/**
 * Says how a model's attention is split over the ranks of a layout, which depends on the kind of
 * attention.
 */
sealed interface AttentionSplit {
  /**
   * The split of a model's attention.
   *
   * @throws InvalidInputException if the layout does not divide it, naming the rule
   */
  static AttentionSplit of(ModelConfig model, GroupPlan plan) {
    return model
        .attentionKind()
        .choose(
            shape ->
                new GroupedQuery(
                    new AttentionSharding(
                        shape, plan.layout(), plan.heads().kvHeads(), plan.owners())),
            shape ->
                new Latent(
                    new LatentSharding(
                        shape, plan.layout(), plan.heads().kvHeads(), plan.owners())));
  }

  /** The heads of each rank; for latent attention they are those of its absorbed form. */
  AttentionSharding heads();

  /** Makes the loader of one rank's attention. */
  <T extends Tensor> AttentionLoader<T> loader(GroupModel group, RankLoading<T> loading);

  /** The split of grouped-query attention. */
  record GroupedQuery(AttentionSharding sharding) implements AttentionSplit {
    @Override
    public AttentionSharding heads() {
      return sharding;
    }

    @Override
    public <T extends Tensor> AttentionLoader<T> loader(GroupModel group, RankLoading<T> loading) {
      return new GroupedQueryLoader<>(group, sharding, loading);
    }
  }

  /** The split of latent attention. */
  record Latent(LatentSharding sharding) implements AttentionSplit {
    @Override
    public AttentionSharding heads() {
      return sharding.absorbed();
    }

    @Override
    public <T extends Tensor> AttentionLoader<T> loader(GroupModel group, RankLoading<T> loading) {
      return new LatentLoader<>(group, sharding, loading);
    }
  }
}
