package dev.helix.runtime.fault;

import dev.helix.attention.faults.quantized.QuantizationFault;
import dev.helix.runtime.loading.RankCaches;
import dev.helix.runtime.loading.RankLoading;
import dev.helix.runtime.strategy.PartLoader;
import dev.helix.runtime.strategy.Strategy;
import dev.helix.tensor.Tensor;

/** A strategy whose ranks keep their caches in a faulty way. */
public final class FaultyStrategy extends ForwardingStrategy {
  private final Change change;

  /** Makes the faulty caches of a rank from healthy ones. */
  @FunctionalInterface
  public interface Change {
    RankCaches caches(int rank, RankCaches healthy);
  }

  /**
   * Puts a fault into caches.
   *
   * @param healthy the strategy without the fault
   * @param change makes the faulty caches of a rank
   */
  public FaultyStrategy(Strategy healthy, Change change) {
    super(healthy);
    this.change = change;
  }

  /** A strategy with a fault in the quantised caches of every rank. */
  public static FaultyStrategy storing(Strategy healthy, QuantizationFault fault) {
    return new FaultyStrategy(
        healthy,
        (rank, caches) ->
            (layer, firstKvHead) -> FaultyCaches.stored(fault, caches, layer, firstKvHead));
  }

  @Override
  public <T extends Tensor> PartLoader<T> on(RankLoading<T> loading) {
    return super.on(
        new RankLoading<>(
            loading.operations(),
            loading.weights(),
            loading.routers(),
            change.caches(loading.rank(), loading.caches())));
  }
}
