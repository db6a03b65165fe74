package dev.helix.runtime.sweep;

import dev.helix.runtime.strategy.Strategy;
import dev.helix.runtime.strategy.dataparallel.DataParallelStrategy;
import dev.helix.runtime.strategy.helix.HelixStrategy;
import dev.helix.runtime.timing.schedule.Accounting;
import dev.helix.runtime.trace.StepQueries;
import dev.helix.tensor.InvalidInputException;

/**
 * The token-to-token latency of a step under HOP-B in equal pieces, each of which holds as many
 * requests as any other (Helix Parallelism §2).
 *
 * @param count number of pieces, at least 2
 * @param idealisedMicros TTL if all pieces share one overhead and one latency
 * @param perPieceMicros TTL if each piece has its own
 */
public record PiecedTimes(int count, double idealisedMicros, double perPieceMicros) {
  /**
   * Times a step in so many pieces.
   *
   * @param strategy Helix or data parallel groups of it; whether it has HOP-B is ignored
   * @param queries the step, of equally many drafts for each request
   * @param count number of pieces
   * @throws InvalidInputException if the strategy has no exchange that attention could hide, or if
   *     the pieces cannot be equal
   */
  public static PiecedTimes of(
      Deployment deployment, Strategy strategy, StepQueries queries, int count) {
    Plan plan = withoutHopB(strategy);
    if (!plan.hasHopB()) {
      throw new InvalidInputException(
          "expected a KVP of at least 2, as there is no exchange to hide with KVP 1");
    }
    int batch = queries.batch();
    int requests = requestsOfGroup(strategy, batch);
    if (count < 2 || requests % count != 0) {
      throw new InvalidInputException(
          "expected at least 2 pieces that divide the %d requests of a group, got %d"
              .formatted(requests, count));
    }
    StepQueries request = new StepQueries(1, queries.context(), queries.drafts());
    LayoutTimes times = new LayoutTimes(deployment, plan, request, 2);
    return new PiecedTimes(
        count,
        times.ttlMicros(batch, new HopB(count, Accounting.IDEALISED), 1),
        times.ttlMicros(batch, new HopB(count, Accounting.PER_PIECE), 1));
  }

  /**
   * How many requests each group attends to, which is how many pieces there are by request.
   *
   * @throws InvalidInputException if the groups have unequal numbers of requests
   */
  public static int requestsOfGroup(Strategy strategy, int batch) {
    int groups = withoutHopB(strategy).groups();
    if (batch % groups != 0) {
      throw new InvalidInputException(
          "expected as many requests in each of the %d groups, got %d requests in all"
              .formatted(groups, batch));
    }
    return batch / groups;
  }

  private static Plan withoutHopB(Strategy strategy) {
    if (strategy instanceof DataParallelStrategy groups) {
      return new Plan(
          StrategyKind.DP_HELIX,
          new DataParallelStrategy(
              groups.dp(), groups.kvp(), groups.tpa(), groups.placement(), false));
    }
    if (strategy instanceof HelixStrategy helix) {
      return new Plan(
          StrategyKind.HELIX,
          new HelixStrategy(helix.layout(), helix.placement(), false, helix.moe()));
    }
    throw new InvalidInputException("expected a strategy that has HOP-B, helix or dp-ep");
  }
}
