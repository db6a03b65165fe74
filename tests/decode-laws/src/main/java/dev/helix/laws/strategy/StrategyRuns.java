package dev.helix.laws.strategy;

import dev.helix.laws.LawViolation;
import dev.helix.runtime.checkpoint.Checkpoint;
import dev.helix.runtime.decode.DecodeListener;
import dev.helix.runtime.decode.DecodePlan;
import dev.helix.runtime.decode.DecodeResult;
import dev.helix.runtime.decode.DecodeRun;
import dev.helix.runtime.ranks.threads.ThreadRanks;
import dev.helix.runtime.reading.RankOperations;
import dev.helix.runtime.reading.Reading;
import dev.helix.runtime.strategy.Strategy;
import dev.helix.tensor.Tensor;
import dev.helix.tensor.mesh.Communicator;
import dev.helix.tensor.mesh.RankFailure;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/**
 * Runs cases by one implementation, and keeps the last ones, because several laws look at the same
 * run. Not for use by several threads.
 */
final class StrategyRuns<T extends Tensor> {
  /** More than the cases of a usual run; what is kept of one is less than a megabyte. */
  private static final int MOST_KEPT = 100;

  private final StrategyVariant<T> subject;
  private final Map<StrategyModel, Checkpoint> checkpoints = new Kept<>();
  private final Map<StrategyCase, StrategyRun> runs = new Kept<>();

  StrategyRuns(StrategyVariant<T> subject) {
    this.subject = subject;
  }

  /** The plan of a case, under the implementation's strategy. */
  DecodePlan plan(StrategyCase given) {
    // It is in memory, so that there is nothing to close.
    Checkpoint checkpoint = made(checkpoints, given.model(), StrategyModel::checkpoint);
    return given.plan(checkpoint, subject.strategy(given.strategy()));
  }

  /**
   * The run of a case.
   *
   * @throws LawViolation.Refusal if a rank fails
   */
  StrategyRun of(StrategyCase given) {
    return made(runs, given, this::run);
  }

  private StrategyRun run(StrategyCase given) {
    DecodePlan plan = plan(given);
    try {
      DecodeResult result =
          new DecodeRun(new ThreadRanks())
              .decode(plan, new Replaced<>(subject, plan.strategy()), new DecodeListener() {});
      return new StrategyRun(plan, result);
    } catch (RankFailure e) {
      throw new LawViolation.Refusal("the ranks stopped: " + e.getMessage());
    }
  }

  private static <K, V> V made(Map<K, V> kept, K key, Function<K, V> maker) {
    V found = kept.get(key);
    if (found == null) {
      found = maker.apply(key);
      kept.put(key, found);
    }
    return found;
  }

  /** A map that forgets what has not been used for longest. */
  private static final class Kept<K, V> extends LinkedHashMap<K, V> {
    private static final long serialVersionUID = 1L;

    Kept() {
      super(MOST_KEPT, 0.75f, true);
    }

    @Override
    protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
      return size() > MOST_KEPT;
    }
  }

  /** A reading with the implementation's parts in their places. */
  static final class Replaced<T extends Tensor> implements Reading<T> {
    private final StrategyVariant<T> subject;
    private final Strategy strategy;
    private final Reading<T> reading;

    Replaced(StrategyVariant<T> subject, Strategy strategy) {
      this.subject = subject;
      this.strategy = strategy;
      this.reading = subject.reading();
    }

    @Override
    public String name() {
      return reading.name();
    }

    @Override
    public RankOperations<T> on(Communicator communicator) {
      return subject.operations(communicator.rank(), strategy, reading.on(communicator));
    }
  }
}
