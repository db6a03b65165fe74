package dev.helix.runtime.sweep;

import dev.helix.runtime.timing.memory.GpuMemory;
import dev.helix.runtime.trace.LoadModel;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * All configurations of a search space that fit into memory, with their times.
 *
 * @param considered how many configurations are legal
 * @param uncounted how many of them are left out because a step's FLOPs, elements or bytes are more
 *     than can be counted
 * @param points those that fit, by plan, batch and HOP-B
 */
public record Sweep(int considered, int uncounted, List<Point> points) {
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
    return onEach(List.of(deployment), space, progress).get(0);
  }

  /**
   * Does the same on several machines, for which it traces once.
   *
   * @param deployments the same model, formats and context, served on each of the machines
   * @return one sweep for each deployment
   */
  public static List<Sweep> onEach(
      List<Deployment> deployments, SearchSpace space, Progress progress) {
    List<Plan> plans = space.plans(deployments.get(0).model());
    return timed(deployments, space, plans, List.of(Adjustment.NONE), progress).stream()
        .map(changed -> changed.get(0))
        .toList();
  }

  /**
   * Does the same under several changes of overheads, for which it traces once.
   *
   * @return one sweep for each change
   */
  public static List<Sweep> varied(
      Deployment deployment, SearchSpace space, List<Adjustment> changes, Progress progress) {
    return varied(deployment, space, space.plans(deployment.model()), changes, progress);
  }

  /** Does the same for some of the plans of the space. */
  public static List<Sweep> varied(
      Deployment deployment,
      SearchSpace space,
      List<Plan> plans,
      List<Adjustment> changes,
      Progress progress) {
    return timed(List.of(deployment), space, plans, changes, progress).get(0);
  }

  /** One sweep for each deployment and each change. */
  private static List<List<Sweep>> timed(
      List<Deployment> deployments,
      SearchSpace space,
      List<Plan> plans,
      List<Adjustment> changes,
      Progress progress) {
    Deployment first = deployments.get(0);
    if (!deployments.stream().allMatch(first::hasStepsOf)) {
      throw new IllegalArgumentException(
          "expected deployments of the same model, formats and context");
    }
    AtomicInteger done = new AtomicInteger();
    LoadModel.UniformExpectation load = new LoadModel.UniformExpectation();
    List<List<List<Sweep>>> each =
        byTurns(
            plans,
            plan -> {
              List<List<Sweep>> own = ofPlan(deployments, space, plan, load, changes);
              progress.done(done.incrementAndGet(), plans.size());
              return own;
            });
    return IntStream.range(0, deployments.size())
        .mapToObj(
            on ->
                IntStream.range(0, changes.size())
                    .mapToObj(
                        change ->
                            joined(each.stream().map(one -> one.get(on).get(change)).toList()))
                    .toList())
        .toList();
  }

  /**
   * Applies a function to plans on all processors. A processor that is free takes the next plan, as
   * some plans take many times as long as others.
   *
   * @return the results in the order of the plans
   */
  private static <T> List<T> byTurns(List<Plan> plans, Function<Plan, T> timed) {
    AtomicInteger next = new AtomicInteger();
    Map<Integer, T> results = new ConcurrentHashMap<>();
    IntStream.range(0, Runtime.getRuntime().availableProcessors())
        .parallel()
        .forEach(
            processor -> {
              for (int i = next.getAndIncrement(); i < plans.size(); i = next.getAndIncrement()) {
                results.put(i, timed.apply(plans.get(i)));
              }
            });
    return IntStream.range(0, plans.size()).mapToObj(results::get).toList();
  }

  private static Sweep joined(List<Sweep> each) {
    return new Sweep(
        each.stream().mapToInt(Sweep::considered).sum(),
        each.stream().mapToInt(Sweep::uncounted).sum(),
        each.stream().flatMap(one -> one.points.stream()).toList());
  }

  private static List<List<Sweep>> ofPlan(
      List<Deployment> deployments,
      SearchSpace space,
      Plan plan,
      LoadModel.UniformExpectation load,
      List<Adjustment> changes) {
    Deployment first = deployments.get(0);
    List<Configuration> all = space.configurations(plan, first.model());
    if (all.isEmpty()) {
      return Collections.nCopies(
          deployments.size(), Collections.nCopies(changes.size(), new Sweep(0, 0, List.of())));
    }
    int batches = (int) all.stream().flatMapToInt(Configuration::stepRows).distinct().count();
    PlanTraces traces = new PlanTraces(first, plan, first.request(), load, batches);
    return deployments.stream()
        .map(on -> ofPlan(all, () -> new LayoutTimes(on, traces), changes))
        .toList();
  }

  private static List<Sweep> ofPlan(
      List<Configuration> all, Supplier<LayoutTimes> prepared, List<Adjustment> changes) {
    Optional<LayoutTimes> times = CountOverflow.orEmpty(prepared);
    List<List<Point>> points = new ArrayList<>();
    changes.forEach(change -> points.add(new ArrayList<>()));
    int uncounted = 0;
    for (Configuration one : all) {
      Optional<List<Point>> own =
          times.flatMap(known -> CountOverflow.orEmpty(() -> points(known, one, changes)));
      uncounted += own.isPresent() ? 0 : 1;
      List<Point> found = own.orElse(List.of());
      for (int change = 0; change < found.size(); change++) {
        points.get(change).add(found.get(change));
      }
    }
    int left = uncounted;
    return points.stream().map(own -> new Sweep(all.size(), left, own)).toList();
  }

  /** The point of a configuration under each change; none if it does not fit into memory. */
  private static List<Point> points(
      LayoutTimes times, Configuration one, List<Adjustment> changes) {
    int rows = one.rows();
    Optional<GpuMemory> memory = times.memory(rows, one.microBatches());
    List<Point> points = new ArrayList<>(changes.size());
    if (memory.isPresent()) {
      for (Adjustment change : changes) {
        double ttl = times.ttlMicros(rows, one.hopB(), one.microBatches(), change);
        points.add(new Point(one, ttl, memory.get()));
      }
    }
    return points;
  }

  /** The points whose TTL is at most this long. */
  public Sweep within(double ttlMicros) {
    return new Sweep(
        considered,
        uncounted,
        points.stream().filter(point -> point.ttlMicros() <= ttlMicros).toList());
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
