package dev.helix.runtime.fault;

import dev.helix.runtime.checkpoint.ModelConfig;
import dev.helix.runtime.loading.RankLoading;
import dev.helix.runtime.loading.RouterSource;
import dev.helix.runtime.record.StepRow;
import dev.helix.runtime.strategy.PartLoader;
import dev.helix.runtime.strategy.RankHoldings;
import dev.helix.runtime.strategy.StepSizes;
import dev.helix.runtime.strategy.Strategy;
import dev.helix.tensor.Group;
import dev.helix.tensor.Tensor;
import dev.helix.tensor.mesh.HeldState;
import java.util.List;
import java.util.function.IntUnaryOperator;

/**
 * A strategy that forwards every call. A fault extends this class and overrides what it changes.
 */
public class ForwardingStrategy implements Strategy {
  private final Strategy healthy;

  /**
   * Forwards every call to another strategy.
   *
   * @param healthy the strategy without the fault
   */
  protected ForwardingStrategy(Strategy healthy) {
    this.healthy = healthy;
  }

  @Override
  public int ranks() {
    return healthy.ranks();
  }

  @Override
  public void requireFits(ModelConfig model) {
    healthy.requireFits(model);
  }

  @Override
  public void requireBatch(int requests) {
    healthy.requireBatch(requests);
  }

  @Override
  public HeldState hidden(int rank) {
    return healthy.hidden(rank);
  }

  @Override
  public List<List<StepRow>> microBatches(List<StepRow> batch) {
    return healthy.microBatches(batch);
  }

  @Override
  public <T extends Tensor> PartLoader<T> on(RankLoading<T> loading) {
    return healthy.on(loading);
  }

  @Override
  public int attentionParts() {
    return healthy.attentionParts();
  }

  @Override
  public StepSizes sizes(
      ModelConfig model, List<StepRow> rows, IntUnaryOperator capacity, RouterSource<?> routers) {
    return healthy.sizes(model, rows, capacity, routers);
  }

  @Override
  public List<List<Group>> exchanges() {
    return healthy.exchanges();
  }

  @Override
  public RankHoldings holdings(ModelConfig model, int rank) {
    return healthy.holdings(model, rank);
  }

  @Override
  public String toString() {
    return "faulty " + healthy;
  }
}
