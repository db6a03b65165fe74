package dev.helix.runtime.fault;

import dev.helix.attention.faults.quantized.QuantizationFault;
import dev.helix.runtime.checkpoint.ModelConfig;
import dev.helix.runtime.loading.RankCaches;
import dev.helix.runtime.loading.RankLoading;
import dev.helix.runtime.loading.RouterSource;
import dev.helix.runtime.record.StepRow;
import dev.helix.runtime.strategy.PartLoader;
import dev.helix.runtime.strategy.RankHoldings;
import dev.helix.runtime.strategy.StepSizes;
import dev.helix.runtime.strategy.Strategy;
import dev.helix.tensor.Tensor;
import dev.helix.tensor.mesh.HeldState;
import java.util.List;
import java.util.function.IntUnaryOperator;

/**
 * A strategy whose ranks keep their caches in a faulty way.
 *
 * @param correct the strategy without the fault
 * @param change makes the faulty caches of a rank
 */
public record FaultyStrategy(Strategy correct, Change change) implements Strategy {
  /** Makes the faulty caches of a rank from healthy ones. */
  @FunctionalInterface
  public interface Change {
    RankCaches caches(int rank, RankCaches healthy);
  }

  /** A strategy with a fault in the quantised caches of every rank. */
  public static FaultyStrategy storing(Strategy correct, QuantizationFault fault) {
    return new FaultyStrategy(
        correct,
        (rank, healthy) ->
            (layer, firstKvHead) -> FaultyCaches.stored(fault, healthy, layer, firstKvHead));
  }

  @Override
  public <T extends Tensor> PartLoader<T> on(RankLoading<T> loading) {
    return correct.on(
        new RankLoading<>(
            loading.operations(),
            loading.weights(),
            loading.routers(),
            change.caches(loading.rank(), loading.caches())));
  }

  @Override
  public int ranks() {
    return correct.ranks();
  }

  @Override
  public void requireFits(ModelConfig model) {
    correct.requireFits(model);
  }

  @Override
  public void requireBatch(int requests) {
    correct.requireBatch(requests);
  }

  @Override
  public HeldState hidden(int rank) {
    return correct.hidden(rank);
  }

  @Override
  public List<List<StepRow>> microBatches(List<StepRow> batch) {
    return correct.microBatches(batch);
  }

  @Override
  public int attentionParts() {
    return correct.attentionParts();
  }

  @Override
  public StepSizes sizes(
      ModelConfig model, List<StepRow> rows, IntUnaryOperator capacity, RouterSource<?> routers) {
    return correct.sizes(model, rows, capacity, routers);
  }

  @Override
  public RankHoldings holdings(ModelConfig model, int rank) {
    return correct.holdings(model, rank);
  }
}
