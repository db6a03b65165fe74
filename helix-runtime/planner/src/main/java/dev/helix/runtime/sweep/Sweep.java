package dev.helix.runtime.sweep;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/**
 * All configurations of a search space that fit into memory, with their times.
 *
 * @param considered how many configurations are legal
 * @param points those that fit, by plan, batch and HOP-B
 */
public record Sweep(int considered, List<Point> points) {
  public Sweep {
    points = List.copyOf(points);
  }

  /** Hears how far a sweep is. */
  @FunctionalInterface
  public interface Progress {
    /** Called after each plan, by any thread. */
    void done(int plans, int all);
  }

  /**
   * Times every configuration of a search space, plan by plan on all processors. The result does
   * not depend on their number.
   */
  public static Sweep of(Deployment deployment, SearchSpace space, Progress progress) {
    List<Plan> plans = space.plans(deployment.model());
    AtomicInteger done = new AtomicInteger();
    List<Sweep> each =
        IntStream.range(0, plans.size())
            .parallel()
            .mapToObj(
                i -> {
                  Sweep own = of(deployment, space, plans.get(i));
                  progress.done(done.incrementAndGet(), plans.size());
                  return own;
                })
            .toList();
    List<Point> points = new ArrayList<>();
    each.forEach(one -> points.addAll(one.points));
    return new Sweep(each.stream().mapToInt(Sweep::considered).sum(), points);
  }

  private static Sweep of(Deployment deployment, SearchSpace space, Plan plan) {
    LayoutTimes times = new LayoutTimes(deployment, plan);
    List<Configuration> all = space.configurations(plan, deployment.model());
    List<Point> points = new ArrayList<>();
    for (Configuration one : all) {
      long memory = times.memoryBytes(one.batch());
      if (memory <= deployment.usableBytes()) {
        int rows = one.batch() / one.microBatches();
        points.add(new Point(one, times.ttlMicros(rows, one.hopB(), one.microBatches()), memory));
      }
    }
    return new Sweep(all.size(), points);
  }

  /** The frontier of the points that a rule lets in. */
  public Frontier frontier(Predicate<Point> rule) {
    return Frontier.of(points.stream().filter(rule).toList());
  }

  /** The frontier of one strategy. */
  public Frontier frontier(StrategyKind kind) {
    return frontier(point -> point.configuration().plan().kind() == kind);
  }

  /** The frontier of all strategies. */
  public Frontier frontier() {
    return Frontier.of(points);
  }
}
