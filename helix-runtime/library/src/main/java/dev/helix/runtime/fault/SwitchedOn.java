package dev.helix.runtime.fault;

import dev.helix.attention.faults.RankRole;
import dev.helix.attention.placement.KvPlacement;
import dev.helix.runtime.decode.DecodePlan;
import dev.helix.runtime.loading.RankCaches;
import dev.helix.runtime.reading.Reading;
import dev.helix.runtime.strategy.helix.HelixStrategy;
import dev.helix.tensor.InvalidInputException;
import dev.helix.tensor.Tensor;
import dev.helix.tensor.faults.Fault;
import dev.helix.tensor.faults.FaultSeam;
import java.util.List;
import java.util.OptionalInt;

/**
 * A shipped fault that is switched on in a run under Helix. The run takes the faulty plan and the
 * faulty reading; whoever verifies or reports it takes the healthy plan.
 */
public record SwitchedOn(Fault fault, FaultSite site) {
  /**
   * Checks that the fault can be where it is to be.
   *
   * @throws InvalidInputException if it is one of an exchange, which all ranks have together
   */
  public SwitchedOn {
    if (fault.seam() == FaultSeam.EXCHANGE && !site.equals(FaultSite.EVERYWHERE)) {
      throw new InvalidInputException(
          "expected every rank and layer for '%s', which is a fault of exchanges; got %s"
              .formatted(fault.story().name(), site));
    }
  }

  /**
   * The plan of the faulty run.
   *
   * @throws InvalidInputException if the run has no such rank or layer
   */
  public DecodePlan plan(DecodePlan healthy) {
    HelixStrategy strategy = HelixStrategy.of(healthy.strategy());
    requireIndex("rank", site.rank(), strategy.ranks());
    requireIndex("layer", site.layer(), healthy.model().layers());
    FaultyStrategy faulty =
        new FaultyStrategy(
            strategy,
            (rank, caches) ->
                site.hasRank(rank)
                    ? new FaultyCaches(fault, site, role(strategy, rank), caches)
                    : caches);
    return new DecodePlan(
        healthy.checkpoint(), faulty, healthy.requests(), healthy.recording(), healthy.cache());
  }

  /** The reading of the faulty run. */
  public <T extends Tensor> Reading<T> reading(Reading<T> healthy, DecodePlan plan) {
    return new FaultyReading<>(healthy, fault, site, HelixStrategy.of(plan.strategy()).layout());
  }

  /**
   * The placement that a rank assumes for the requests of a layer.
   *
   * @param agreed the placement that the ranks have agreed on
   */
  public KvPlacement placement(HelixStrategy strategy, int rank, int layer, KvPlacement agreed) {
    return site.hasRank(rank)
        ? new FaultyCaches(fault, site, role(strategy, rank), RankCaches.UNQUANTIZED)
            .placement(layer, agreed)
        : agreed;
  }

  private static RankRole role(HelixStrategy strategy, int rank) {
    return new RankRole(rank, strategy.layout().kvpIndex(rank), List.of());
  }

  private static void requireIndex(String what, OptionalInt index, int size) {
    if (index.isPresent() && (index.getAsInt() < 0 || index.getAsInt() >= size)) {
      throw new InvalidInputException(
          "--fault-%s: expected 0 to %d, got %d".formatted(what, size - 1, index.getAsInt()));
    }
  }
}
