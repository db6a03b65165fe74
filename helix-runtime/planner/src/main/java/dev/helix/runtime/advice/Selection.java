package dev.helix.runtime.advice;

import dev.helix.runtime.sweep.Frontier;
import dev.helix.runtime.sweep.Plan;
import dev.helix.runtime.sweep.Point;
import dev.helix.runtime.sweep.SearchSpace;
import dev.helix.runtime.sweep.StrategyKind;
import dev.helix.tensor.InvalidInputException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** Selects points by a wish, out of those whose HOP-B is off or has pieces of one request. */
record Selection(Wish wish) {
  /** The point of most tokens/s/GPU among those that are fast enough; of equals the simplest. */
  Optional<Point> best(List<Point> points) {
    List<Point> frontier =
        Frontier.of(served(points).stream().filter(p -> p.ttlMicros() <= wish.ttlMicros()).toList())
            .points();
    return frontier.isEmpty() ? Optional.empty() : Optional.of(frontier.get(frontier.size() - 1));
  }

  /** The points of all plans but one, and of those that are the same under another name. */
  static List<Point> without(Plan plan, List<Point> points) {
    return points.stream().filter(p -> !p.configuration().plan().isLike(plan)).toList();
  }

  /** The points without HOP-B. */
  static List<Point> withoutHopB(List<Point> points) {
    return points.stream().filter(p -> !p.configuration().hopB().isOn()).toList();
  }

  /**
   * The plans of the best points, the best first.
   *
   * @param most how many at most
   */
  List<Plan> plans(List<Point> points, int most) {
    List<Plan> plans = new ArrayList<>();
    List<Point> left = points;
    Optional<Point> best = best(left);
    while (best.isPresent() && plans.size() < most) {
      Plan plan = best.get().configuration().plan();
      plans.add(plan);
      left = without(plan, left);
      best = best(left);
    }
    return plans;
  }

  /** All strategies with a grid of batches and the pieces of HOP-B that may be the answer. */
  static SearchSpace space(int gpus, List<Integer> batches) {
    return new SearchSpace(
        gpus, List.of(StrategyKind.values()), batches, SearchSpace.Pieces.BY_REQUEST);
  }

  /**
   * The reason why there is no best point.
   *
   * @param memory finds for how many requests there is memory, if that is the reason
   */
  InvalidInputException nearest(List<Point> points, MemorySearch memory) {
    List<Point> served = served(points);
    if (served.isEmpty()) {
      return withoutMemory(memory);
    }
    Point fastest = fastest(served);
    return new InvalidInputException(
        "--ttl: nothing is as fast as %s ms; the nearest is %.3f ms: %s"
            .formatted(wish.ttlMillis(), fastest.ttlMicros() / 1000, fastest.configuration()));
  }

  /** The point of the shortest TTL, of points that may be the answer. */
  static Point fastest(List<Point> served) {
    return Frontier.of(served).fastest();
  }

  /** Memory is the only reason, as tensor parallelism takes every number of requests. */
  private InvalidInputException withoutMemory(MemorySearch memory) {
    int enough = wish.batch().isPresent() ? memory.most(SearchSpace.COARSE_BATCHES) : 0;
    if (enough == 0) {
      return new InvalidInputException(
          "--context, --gpus: no layout has the memory for a single request");
    }
    int wished = wish.batch().getAsInt();
    int tooMany =
        SearchSpace.COARSE_BATCHES.stream()
            .filter(batch -> batch > enough && batch < wished)
            .findFirst()
            .orElse(wished);
    return new InvalidInputException(
        "--context, --gpus, --batch: no layout has the memory for %d requests; it is enough for %d"
            .formatted(wished, memory.most(enough, tooMany)));
  }

  /** How much more a plan could serve. */
  Advice.Limits limits(List<Point> points, Plan plan) {
    List<Point> own =
        points.stream().filter(point -> point.configuration().plan().equals(plan)).toList();
    return new Advice.Limits(
        largest(own, point -> true), largest(own, point -> point.ttlMicros() <= wish.ttlMicros()));
  }

  private static int largest(List<Point> points, Predicate<Point> rule) {
    return points.stream()
        .filter(rule)
        .mapToInt(point -> point.configuration().batch())
        .max()
        .orElse(0);
  }

  /** The points that may be the answer, however fast they are. */
  List<Point> served(List<Point> points) {
    return points.stream().filter(this::hasBatch).toList();
  }

  private boolean hasBatch(Point point) {
    return wish.batch().isEmpty() || point.configuration().batch() == wish.batch().getAsInt();
  }
}
