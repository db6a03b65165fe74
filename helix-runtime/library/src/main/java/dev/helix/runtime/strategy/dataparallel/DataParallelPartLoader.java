package dev.helix.runtime.strategy.dataparallel;

import dev.helix.ffn.expertparallel.ExpertParallelSharding;
import dev.helix.runtime.checkpoint.Mixture;
import dev.helix.runtime.loading.RankLoading;
import dev.helix.runtime.model.EmbeddingPart;
import dev.helix.runtime.model.HeadPart;
import dev.helix.runtime.model.LayerParts;
import dev.helix.runtime.strategy.PartLoader;
import dev.helix.runtime.strategy.group.GroupModel;
import dev.helix.runtime.strategy.group.GroupPartLoader;
import dev.helix.tensor.Tensor;
import java.util.List;
import java.util.Optional;

/**
 * Makes the parts of one rank: those of its group, and the experts, which are divided among all
 * ranks.
 */
final class DataParallelPartLoader<T extends Tensor> implements PartLoader<T> {
  private final DataParallelStrategy strategy;
  private final GroupModel group;
  private final GroupPartLoader<T> parts;

  DataParallelPartLoader(DataParallelStrategy strategy, RankLoading<T> loading) {
    this.strategy = strategy;
    this.group = strategy.onGroup(loading.model(), strategy.groupOfRank(loading.rank()));
    this.parts = new GroupPartLoader<>(group, loading);
  }

  @Override
  public List<Integer> layers() {
    return parts.layers();
  }

  @Override
  public EmbeddingPart<T> embedding() {
    return parts.embedding();
  }

  @Override
  public LayerParts<T> layer(int layer) {
    Optional<Mixture> mixture = group.model().mixture(layer);
    if (mixture.isEmpty() || strategy.ranks() == 1) {
      // One rank has all experts, so that no token travels: what the group launches is enough.
      return parts.layer(layer);
    }
    ExpertParallelSharding sharding =
        new ExpertParallelSharding(mixture.get().shape(), strategy.all());
    return new LayerParts<>(
        parts.attention(layer, parts.selfAttention(layer)),
        new ExpertParallelPart<>(
            parts.ffn().expertParallel(layer, mixture.get(), sharding, group.plan().layout().all()),
            strategy,
            group.hidden(),
            parts.rank()));
  }

  @Override
  public HeadPart<T> head() {
    return parts.head();
  }
}
