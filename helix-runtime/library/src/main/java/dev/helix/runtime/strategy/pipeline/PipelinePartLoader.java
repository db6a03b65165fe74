package dev.helix.runtime.strategy.pipeline;

import dev.helix.runtime.loading.RankLoading;
import dev.helix.runtime.model.EmbeddingPart;
import dev.helix.runtime.model.HeadPart;
import dev.helix.runtime.model.LayerParts;
import dev.helix.runtime.strategy.PartLoader;
import dev.helix.runtime.strategy.group.GroupPartLoader;
import dev.helix.tensor.Axis;
import dev.helix.tensor.Spec;
import dev.helix.tensor.Tensor;
import java.util.List;

/**
 * Makes the parts of one rank: the layers of its stage, and an embedding or a head where the stage
 * is the first or the last.
 */
final class PipelinePartLoader<T extends Tensor> implements PartLoader<T> {
  private final PipelineStrategy strategy;
  private final RankLoading<T> loading;
  private final GroupPartLoader<T> parts;
  private final int stage;

  PipelinePartLoader(PipelineStrategy strategy, RankLoading<T> loading) {
    this.strategy = strategy;
    this.loading = loading;
    this.stage = strategy.stageOf(loading.rank());
    this.parts = new GroupPartLoader<>(strategy.onStage(loading.model(), stage), loading);
  }

  @Override
  public List<Integer> layers() {
    return strategy.layers(loading.model().layers(), stage);
  }

  @Override
  public EmbeddingPart<T> embedding() {
    if (stage == 0) {
      return new FirstStage<>(parts.embedding(), strategy);
    }
    Spec row =
        Spec.of(
            loading.weights().precision().activations(),
            Axis.BATCH,
            1,
            Axis.HIDDEN,
            loading.model().attention().hidden());
    return new StageEntry<>(
        loading.operations().collectives(), strategy, strategy.linkTo(loading.rank()), row);
  }

  @Override
  public LayerParts<T> layer(int layer) {
    return parts.layer(layer);
  }

  @Override
  public HeadPart<T> head() {
    if (stage == strategy.pp() - 1) {
      return parts.head();
    }
    return new StageExit<>(
        loading.operations(),
        strategy.linkTo(loading.rank() + strategy.stage().ranks()),
        strategy.held(stage),
        strategy.held(strategy.pp() - 1));
  }
}
