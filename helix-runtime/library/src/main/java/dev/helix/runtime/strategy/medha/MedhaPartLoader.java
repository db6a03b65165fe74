package dev.helix.runtime.strategy.medha;

import dev.helix.attention.AttentionTap;
import dev.helix.attention.QueryToken;
import dev.helix.attention.medha.MedhaAttention;
import dev.helix.runtime.loading.RankLoading;
import dev.helix.runtime.model.AttentionPart;
import dev.helix.runtime.model.EmbeddingPart;
import dev.helix.runtime.model.HeadPart;
import dev.helix.runtime.model.HeldRows;
import dev.helix.runtime.model.LayerParts;
import dev.helix.runtime.strategy.PartLoader;
import dev.helix.runtime.strategy.group.GroupPartLoader;
import dev.helix.runtime.strategy.group.IdleParts;
import dev.helix.tensor.Tensor;
import dev.helix.tensor.mesh.HeldState;
import java.util.List;
import java.util.Optional;

/** Makes the parts of one rank: attention on all ranks, everything else on the fixed group only. */
final class MedhaPartLoader<T extends Tensor> implements PartLoader<T> {
  private final MedhaStrategy strategy;
  private final RankLoading<T> loading;
  private final GroupPartLoader<T> attention;
  private final Optional<GroupPartLoader<T>> fixed;
  private final HeldState held;

  MedhaPartLoader(MedhaStrategy strategy, RankLoading<T> loading) {
    this.strategy = strategy;
    this.loading = loading;
    this.attention = new GroupPartLoader<>(strategy.attention(loading.model()), loading);
    this.fixed =
        strategy.ffnLayout().has(loading.rank())
            ? Optional.of(new GroupPartLoader<>(strategy.ffn(loading.model()), loading))
            : Optional.empty();
    this.held = strategy.hidden(loading.rank());
  }

  @Override
  public List<Integer> layers() {
    return attention.layers();
  }

  @Override
  public EmbeddingPart<T> embedding() {
    return fixed
        .map(GroupPartLoader::embedding)
        .orElseGet(() -> IdleParts.embedding(loading, held));
  }

  @Override
  public LayerParts<T> layer(int layer) {
    MedhaAttention<T> own =
        new MedhaAttention<>(
            attention.selfAttention(layer),
            loading.operations().collectives(),
            strategy.entry(),
            loading.rank());
    return new LayerParts<>(
        new Part<>(own, attention.attention(layer, own), held),
        fixed.map(parts -> parts.ffnPart(layer)).orElseGet(() -> IdleParts.ffn(held)));
  }

  @Override
  public HeadPart<T> head() {
    return fixed.map(GroupPartLoader::head).orElseGet(() -> IdleParts.head(held));
  }

  /**
   * Attention in which a rank without rows takes part too, because it has a part of the sequence.
   */
  private record Part<T extends Tensor>(
      MedhaAttention<T> attention, AttentionPart<T> cache, HeldState takes)
      implements AttentionPart<T> {
    @Override
    public HeldState leaves() {
      return takes;
    }

    @Override
    public void open(int request, int capacity) {
      cache.open(request, capacity);
    }

    @Override
    public void openFilled(int request, int capacity, int cached) {
      cache.openFilled(request, capacity, cached);
    }

    @Override
    public void close(int request) {
      cache.close(request);
    }

    @Override
    public T attend(HeldRows<T> x, List<QueryToken> step, AttentionTap<T> tap) {
      return attention.attend(x.values(), step, tap);
    }
  }
}
