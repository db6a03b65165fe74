package dev.helix.runtime.advice;

import dev.helix.runtime.sweep.Adjustment;
import dev.helix.runtime.sweep.Plan;
import dev.helix.runtime.sweep.Point;
import dev.helix.runtime.sweep.SearchSpace;
import dev.helix.runtime.sweep.Sweep;
import dev.helix.tensor.InvalidInputException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The best configuration for a wish. HOP-B is off, or its pieces are requests and count as an ideal
 * overlap.
 *
 * @param layouts the best configuration and those next to it
 * @param bottleneck what holds up the best one
 * @param limits how much more it could serve
 * @param certainty within which limits the choice stands
 */
public record Advice(Layouts layouts, Bottleneck bottleneck, Limits limits, Certainty certainty) {
  /** How many plans of the coarse grid are tried with every number of requests. */
  static final int CANDIDATES = 8;

  private static final List<Integer> EXCHANGE_CHANGES = List.of(-4, -3, -2, -1, 0, 1, 2, 4, 8);

  /**
   * The best configuration and those next to it.
   *
   * @param best the point of most tokens/s/GPU among those that are fast enough
   * @param second the best of other widths or another strategy; empty if there is none
   * @param withoutHopB the best of those without HOP-B; empty if there is none
   */
  public record Layouts(Point best, Optional<Point> second, Optional<Point> withoutHopB) {}

  /** The point of most tokens/s/GPU among those that are fast enough. */
  public Point best() {
    return layouts.best();
  }

  /**
   * How much more the layout could serve.
   *
   * @param batchInMemory the largest batch tried that fits into memory
   * @param batchInTime the largest batch tried that is fast enough
   */
  public record Limits(int batchInMemory, int batchInTime) {
    /** Whether memory is full before the TTL is missed. */
    public boolean memoryFirst() {
      return batchInMemory <= batchInTime;
    }

    /** Whether neither is found out, since the most requests that are tried keep both. */
    public boolean searchEnds() {
      return memoryFirst() && batchInMemory >= SearchSpace.MOST_TRIED;
    }
  }

  /**
   * Within which limits the choice stands.
   *
   * @param slack by which share all times may be too short before the TTL is missed
   * @param margin by which share the time of the best may be too short against that of the second
   *     before the second is better
   * @param fewerMicros how much less each exchange may take with the same layout the best
   * @param moreMicros how much more it may take
   * @param measured what the errors of measurements leave open; empty if the preset was not fitted
   */
  public record Certainty(
      double slack, double margin, int fewerMicros, int moreMicros, Optional<Measured> measured) {}

  /**
   * What the errors of measurements leave open.
   *
   * @param best the best layout with its range
   * @param rivals those of the other layouts with most tokens/s/GPU that may be better
   * @param others of how many they are
   */
  public record Measured(Rival best, List<Rival> rivals, int others) {
    public Measured {
      rivals = List.copyOf(rivals);
    }
  }

  /**
   * Finds the best configuration.
   *
   * @throws InvalidInputException if nothing fits into memory, or nothing is fast enough, naming
   *     the nearest
   */
  public static Advice of(Search search) {
    List<Adjustment> changes =
        EXCHANGE_CHANGES.stream().map(micros -> new Adjustment(micros, 0)).toList();
    Selection selection = search.selection();
    Wish wish = search.wish();
    List<Sweep> sweeps = search.around(candidates(search), changes);
    int unchanged = EXCHANGE_CHANGES.indexOf(0);
    List<Point> points = sweeps.get(unchanged).points();
    Point best =
        selection.best(points).orElseThrow(() -> selection.nearest(points, search.memory()));
    Plan plan = best.configuration().plan();
    Optional<Point> second = selection.best(Selection.without(plan, points));
    List<Boolean> same = new ArrayList<>();
    for (Sweep sweep : sweeps) {
      Optional<Point> then = selection.best(sweep.points());
      same.add(then.filter(p -> p.configuration().plan().isLike(plan)).isPresent());
    }
    WholeSteps steps = new WholeSteps(search.deployment());
    Bottleneck bottleneck = Bottleneck.of(steps, best.configuration());
    Certainty certainty =
        new Certainty(
            wish.ttlMicros() / best.ttlMicros() - 1,
            second
                .map(p -> best.tokensPerSecondPerGpu() / p.tokensPerSecondPerGpu() - 1)
                .orElse(Double.POSITIVE_INFINITY),
            -EXCHANGE_CHANGES.get(last(same, unchanged, -1)),
            EXCHANGE_CHANGES.get(last(same, unchanged, 1)),
            Rival.of(best, bottleneck.step()).map(own -> measured(steps, selection, own, points)));
    return new Advice(
        new Layouts(best, second, selection.best(Selection.withoutHopB(points))),
        bottleneck,
        selection.limits(wish.batch().isPresent() ? search.ofEveryBatch(plan) : points, plan),
        certainty);
  }

  /** The plans that are best on the coarse grid of batches. */
  private static List<Plan> candidates(Search search) {
    List<Point> coarse = search.coarse();
    Selection selection = search.selection();
    List<Plan> plans = new ArrayList<>(selection.plans(coarse, CANDIDATES));
    if (plans.isEmpty()) {
      throw selection.nearest(coarse, search.memory());
    }
    selection.plans(Selection.withoutHopB(coarse), 1).stream()
        .filter(plan -> !plans.contains(plan))
        .forEach(plans::add);
    return plans;
  }

  /** Takes of each other plan the layout of most tokens/s/GPU whose range reaches the wish. */
  private static Measured measured(
      WholeSteps steps, Selection selection, Rival best, List<Point> points) {
    List<Rival> rivals = new ArrayList<>();
    List<Point> left =
        Selection.without(best.point().configuration().plan(), selection.served(points));
    int others = 0;
    while (!left.isEmpty()) {
      Plan plan = left.get(0).configuration().plan();
      List<Point> own =
          left.stream().filter(point -> point.configuration().plan().isLike(plan)).toList();
      Rival.most(steps, own, selection.wish())
          .filter(rival -> rival.mayBeat(best, selection.wish()))
          .ifPresent(rivals::add);
      left = Selection.without(plan, left);
      others++;
    }
    rivals.sort(Comparator.comparingDouble(Rival::mostPerGpu).reversed());
    return new Measured(best, rivals, others);
  }

  /** The last change in a direction up to which the layout stays the same. */
  private static int last(List<Boolean> same, int from, int direction) {
    int at = from;
    while (at + direction >= 0 && at + direction < same.size() && same.get(at + direction)) {
      at += direction;
    }
    return at;
  }
}
