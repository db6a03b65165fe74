package dev.helix.laws.museum.faulty;

import dev.helix.attention.faults.quantized.QuantizationFault;
import dev.helix.attention.faults.quantized.QuantizedCache;
import dev.helix.runtime.checkpoint.ModelConfig;
import dev.helix.runtime.loading.QuantizedCaches;
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
import java.util.Optional;
import java.util.function.IntUnaryOperator;

/** A strategy whose ranks have a fault in their quantised caches. */
public record OtherCaches(Strategy correct, QuantizationFault fault) implements Strategy {
  @Override
  public <T extends Tensor> PartLoader<T> on(RankLoading<T> loading) {
    return correct.on(
        new RankLoading<>(
            loading.operations(), loading.weights(), loading.routers(), faulty(loading.caches())));
  }

  private RankCaches faulty(RankCaches healthy) {
    return healthy instanceof QuantizedCaches of
        ? (layer, firstKvHead) ->
            Optional.of(
                fault.in(
                    new QuantizedCache(
                        of.format(),
                        of.scales().apply(layer),
                        firstKvHead,
                        of.stored().apply(layer))))
        : healthy;
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
