package dev.helix.runtime.strategy.group;

import dev.helix.attention.QueryToken;
import dev.helix.runtime.checkpoint.ModelConfig;
import dev.helix.runtime.loading.RankLoading;
import dev.helix.runtime.loading.RouterSource;
import dev.helix.runtime.record.StepRow;
import dev.helix.runtime.strategy.PartLoader;
import dev.helix.runtime.strategy.RankHoldings;
import dev.helix.runtime.strategy.Span;
import dev.helix.runtime.strategy.StepSizes;
import dev.helix.runtime.strategy.Strategy;
import dev.helix.tensor.Group;
import dev.helix.tensor.Tensor;
import dev.helix.tensor.mesh.HeldState;
import dev.helix.tensor.mesh.Layout;
import java.util.List;
import java.util.function.IntUnaryOperator;

/**
 * A strategy in which all ranks form one group, so that each of them has the whole hidden state
 * between the parts.
 */
public interface OneGroupStrategy extends Strategy {
  /** The plan by which all ranks run the model together. */
  GroupPlan plan();

  @Override
  default int ranks() {
    return plan().layout().ranks();
  }

  @Override
  default void requireFits(ModelConfig model) {
    on(model);
  }

  @Override
  default HeldState hidden(int rank) {
    return new HeldState.Replicated(plan().layout().all());
  }

  @Override
  default <T extends Tensor> PartLoader<T> on(RankLoading<T> loading) {
    return new GroupPartLoader<>(on(loading.model()), loading);
  }

  @Override
  default int attentionParts() {
    return plan().layout().kvp();
  }

  @Override
  default StepSizes sizes(
      ModelConfig model, List<StepRow> rows, IntUnaryOperator capacity, RouterSource<?> routers) {
    List<QueryToken> step = rows.stream().map(StepRow::query).toList();
    return new GroupStepSizes(on(model), step, capacity, routers);
  }

  @Override
  default List<List<Group>> exchanges() {
    return plan().exchanges();
  }

  private GroupModel on(ModelConfig model) {
    return new GroupModel(model, plan()).withFfns();
  }

  @Override
  default RankHoldings holdings(ModelConfig model, int rank) {
    GroupModel group = on(model);
    Layout layout = plan().layout();
    return new RankHoldings(
        "KVP %d, TPA %d".formatted(layout.kvpIndex(rank), layout.tpaIndex(rank)),
        request -> true,
        new Span(0, model.layers()),
        group.attentionOf(rank),
        group.ffnOf(rank));
  }
}
