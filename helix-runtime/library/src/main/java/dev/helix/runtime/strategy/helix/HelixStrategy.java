package dev.helix.runtime.strategy.helix;

import dev.helix.attention.QueryToken;
import dev.helix.runtime.checkpoint.ModelConfig;
import dev.helix.runtime.loading.RankLoading;
import dev.helix.runtime.record.StepRow;
import dev.helix.runtime.strategy.PartLoader;
import dev.helix.runtime.strategy.PlacementRule;
import dev.helix.runtime.strategy.StepSizes;
import dev.helix.runtime.strategy.Strategy;
import dev.helix.runtime.strategy.group.GroupModel;
import dev.helix.runtime.strategy.group.GroupPartLoader;
import dev.helix.runtime.strategy.group.GroupPlan;
import dev.helix.runtime.strategy.group.GroupStepSizes;
import dev.helix.tensor.Tensor;
import dev.helix.tensor.mesh.HeldState;
import dev.helix.tensor.mesh.Layout;
import java.util.List;
import java.util.function.IntUnaryOperator;

/**
 * Helix Parallelism (§2): attention over KVP × TPA ranks, the FFN over the same ranks as TPF × EP.
 * Between the parts every rank has the whole hidden state.
 *
 * @param layout what each rank is in both phases
 * @param placement which tokens of a request a shard of the KV cache keeps
 * @param hopB whether attention and its exchange are launched for each request by itself, so that
 *     they can overlap (Helix Parallelism §2, Fig. 3): no number changes by it
 */
public record HelixStrategy(Layout layout, PlacementRule placement, boolean hopB)
    implements Strategy {
  /** The strategy without HOP-B. */
  public HelixStrategy(Layout layout, PlacementRule placement) {
    this(layout, placement, false);
  }

  /**
   * The Helix strategy of a run, for what is said of Helix's layout alone.
   *
   * @throws IllegalArgumentException if it is another strategy
   */
  public static HelixStrategy of(Strategy strategy) {
    if (strategy instanceof HelixStrategy helix) {
      return helix;
    }
    throw new IllegalArgumentException("expected the Helix strategy, got " + strategy);
  }

  @Override
  public int ranks() {
    return layout.ranks();
  }

  @Override
  public void requireFits(ModelConfig model) {
    on(model);
  }

  /** Every rank has the whole hidden state (Helix Parallelism §2.1). */
  @Override
  public HeldState hidden(int rank) {
    return new HeldState.Replicated(layout.all());
  }

  @Override
  public <T extends Tensor> PartLoader<T> on(RankLoading<T> loading) {
    return new GroupPartLoader<>(on(loading.model()), loading);
  }

  @Override
  public int attentionParts() {
    return layout.kvp();
  }

  @Override
  public StepSizes sizes(
      ModelConfig model, List<StepRow> rows, IntUnaryOperator capacity, boolean expertsDiffer) {
    List<QueryToken> step = rows.stream().map(StepRow::query).toList();
    return new GroupStepSizes(on(model), step, capacity, expertsDiffer);
  }

  private GroupModel on(ModelConfig model) {
    return new GroupModel(model, new GroupPlan(layout, placement, hopB));
  }
}
