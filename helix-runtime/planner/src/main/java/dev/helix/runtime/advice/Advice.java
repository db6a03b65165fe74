package dev.helix.runtime.advice;

import dev.helix.runtime.sweep.Adjustment;
import dev.helix.runtime.sweep.Configuration;
import dev.helix.runtime.sweep.Deployment;
import dev.helix.runtime.sweep.Frontier;
import dev.helix.runtime.sweep.Plan;
import dev.helix.runtime.sweep.Point;
import dev.helix.runtime.sweep.SearchSpace;
import dev.helix.runtime.sweep.StrategyKind;
import dev.helix.runtime.sweep.Sweep;
import dev.helix.runtime.timing.schedule.Accounting;
import dev.helix.tensor.InvalidInputException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The best configuration for a wish. HOP-B is off, or its pieces are requests and count as an ideal
 * overlap.
 *
 * @param best the point of most tokens/s/GPU among those that are fast enough
 * @param second the best of other widths or another strategy; empty if there is none
 * @param bottleneck what holds up the best one
 * @param limits how much more it could serve
 * @param certainty within which limits the choice stands
 */
public record Advice(
    Point best, Optional<Point> second, Bottleneck bottleneck, Limits limits, Certainty certainty) {
  private static final int CANDIDATES = 8;

  private static final List<Integer> EXCHANGE_CHANGES = List.of(-4, -3, -2, -1, 0, 1, 2, 4, 8);

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
  }

  /**
   * Within which limits the choice stands.
   *
   * @param slack by which share all times may be too short before the TTL is missed
   * @param margin by which share the time of the best may be too short against that of the second
   *     before the second is better
   * @param fewerMicros how much less each exchange may take with the same layout the best
   * @param moreMicros how much more it may take
   */
  public record Certainty(double slack, double margin, int fewerMicros, int moreMicros) {}

  /**
   * Finds the best configuration.
   *
   * @param gpus the most GPUs of an instance
   * @throws InvalidInputException if nothing fits into memory, or nothing is fast enough, naming
   *     the nearest
   */
  public static Advice of(Deployment deployment, int gpus, Wish wish, Sweep.Progress progress) {
    List<Point> coarse =
        Sweep.of(deployment, space(gpus, SearchSpace.COARSE_BATCHES, wish), progress).points();
    if (best(coarse, wish).isEmpty()) {
      throw nearest(coarse, wish);
    }
    List<Adjustment> changes =
        EXCHANGE_CHANGES.stream().map(micros -> new Adjustment(micros, 0)).toList();
    List<Sweep> sweeps =
        Sweep.varied(
            deployment,
            space(gpus, SearchSpace.ALL_BATCHES, wish),
            candidates(coarse, wish),
            changes,
            (done, all) -> {});
    int unchanged = EXCHANGE_CHANGES.indexOf(0);
    List<Point> points = sweeps.get(unchanged).points();
    Point best = best(points, wish).orElseThrow(() -> nearest(points, wish));
    Plan plan = best.configuration().plan();
    List<Point> others =
        points.stream().filter(point -> !point.configuration().plan().equals(plan)).toList();
    Optional<Point> second = best(others, wish);
    List<Boolean> same = new ArrayList<>();
    for (Sweep sweep : sweeps) {
      Optional<Point> then = best(sweep.points(), wish);
      same.add(then.filter(p -> p.configuration().plan().equals(plan)).isPresent());
    }
    Certainty certainty =
        new Certainty(
            wish.ttlMicros() / best.ttlMicros() - 1,
            second
                .map(p -> best.tokensPerSecondPerGpu() / p.tokensPerSecondPerGpu() - 1)
                .orElse(Double.POSITIVE_INFINITY),
            -EXCHANGE_CHANGES.get(last(same, unchanged, -1)),
            EXCHANGE_CHANGES.get(last(same, unchanged, 1)));
    return new Advice(
        best,
        second,
        Bottleneck.of(deployment, best.configuration()),
        limits(points, plan, wish),
        certainty);
  }

  /** The last change in a direction up to which the layout stays the same. */
  private static int last(List<Boolean> same, int from, int direction) {
    int at = from;
    while (at + direction >= 0 && at + direction < same.size() && same.get(at + direction)) {
      at += direction;
    }
    return at;
  }

  /** The plans that are best on the coarse grid of batches, which are tried with every batch. */
  private static List<Plan> candidates(List<Point> points, Wish wish) {
    List<Plan> plans = new ArrayList<>();
    List<Point> left = points;
    Optional<Point> best = best(left, wish);
    while (best.isPresent() && plans.size() < CANDIDATES) {
      Plan plan = best.get().configuration().plan();
      plans.add(plan);
      left = left.stream().filter(p -> !p.configuration().plan().equals(plan)).toList();
      best = best(left, wish);
    }
    return plans;
  }

  private static SearchSpace space(int gpus, List<Integer> grid, Wish wish) {
    List<Integer> batches =
        Stream.concat(grid.stream(), wish.batch().stream().boxed()).sorted().distinct().toList();
    return new SearchSpace(gpus, List.of(StrategyKind.values()), batches, true);
  }

  private static Optional<Point> best(List<Point> points, Wish wish) {
    List<Point> allowed =
        points.stream()
            .filter(Advice::canBeShown)
            .filter(hasBatch(wish))
            .filter(point -> point.ttlMicros() <= wish.ttlMicros())
            .toList();
    // The end of most tokens/s/GPU; of equals the simplest.
    List<Point> frontier = Frontier.of(allowed).points();
    return frontier.isEmpty() ? Optional.empty() : Optional.of(frontier.get(frontier.size() - 1));
  }

  private static Predicate<Point> hasBatch(Wish wish) {
    return point ->
        wish.batch().isEmpty() || point.configuration().batch() == wish.batch().getAsInt();
  }

  private static boolean canBeShown(Point point) {
    Configuration one = point.configuration();
    return !one.hopB().isOn()
        || (one.hopB().accounting() == Accounting.IDEALISED
            && one.hopB().pieces() == one.batch() / one.plan().groups());
  }

  private static InvalidInputException nearest(List<Point> points, Wish wish) {
    List<Point> served = points.stream().filter(Advice::canBeShown).filter(hasBatch(wish)).toList();
    if (served.isEmpty()) {
      return new InvalidInputException(
          "--batch, --context, --gpus: no layout has the memory for it, or divides the batch");
    }
    Point fastest = Frontier.of(served).fastest();
    return new InvalidInputException(
        "--ttl: nothing is as fast as %s ms; the nearest is %.3f ms: %s"
            .formatted(wish.ttlMillis(), fastest.ttlMicros() / 1000, fastest.configuration()));
  }

  private static Limits limits(List<Point> points, Plan plan, Wish wish) {
    List<Point> own =
        points.stream()
            .filter(Advice::canBeShown)
            .filter(point -> point.configuration().plan().equals(plan))
            .toList();
    return new Limits(
        largest(own, point -> true), largest(own, point -> point.ttlMicros() <= wish.ttlMicros()));
  }

  private static int largest(List<Point> points, Predicate<Point> rule) {
    return points.stream()
        .filter(rule)
        .mapToInt(point -> point.configuration().batch())
        .max()
        .orElse(0);
  }
}
