package dev.helix.runtime.trace.batch;

import dev.helix.runtime.trace.ShortStep;
import dev.helix.runtime.trace.ShortSteps;
import dev.helix.runtime.trace.StatedLoad;
import dev.helix.runtime.trace.StepQueries;
import dev.helix.runtime.trace.StepTrace;
import dev.helix.tensor.Spec;
import dev.helix.tensor.trace.Operation;
import dev.helix.tensor.trace.TraceRank;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The steps of a strategy for all batches, found from a few traces.
 *
 * <p>Requests of equal length do the same. So every size in a step is a sum of a constant and a
 * multiple of each of three quantities: the number of requests, the assignments to a group of
 * experts, and how many of its experts are read. The last two follow from the first by the load
 * model. One trace more for each quantity shows the multiples, and another one, of a batch of its
 * own, confirms them.
 */
public final class StepsByBatch {
  /** The batch of the trace that confirms, in units. */
  private static final int CONFIRMED = 3;

  private final int unit;
  private final ShortStep confirmed;
  private final List<SizedKind> kinds;
  private final SizedWorks works;
  private final Optional<Asked> asked;

  private StepsByBatch(
      int unit, ShortStep confirmed, List<List<TracedKind>> probes, Optional<Asked> asked) {
    this.unit = unit;
    this.confirmed = confirmed;
    this.works = new SizedWorks();
    this.kinds =
        IntStream.range(0, probes.get(0).size())
            .mapToObj(
                kind -> new SizedKind(probes.stream().map(all -> all.get(kind)).toList(), works))
            .toList();
    this.asked = asked;
  }

  /** The loads that the first trace and that of the next batch have asked for. */
  private record Asked(StatedLoad.Question first, StatedLoad.Question next) {
    /** The question of a batch that is so many units larger than the first. */
    StatedLoad.Question later(int units) {
      int tokens = first.tokens() + units * (next.tokens() - first.tokens());
      return new StatedLoad.Question(first.rule(), first.local(), tokens);
    }
  }

  /**
   * Finds the steps of all multiples of a batch, under the expected uniform load.
   *
   * @param load the load of the steps, which is given back as the expected one
   * @param routes whether the model has experts
   * @param least the queries of the smallest batch
   * @return empty if the sizes depend on the batch in another way: where ranks send tokens to each
   *     other, their numbers are rounded
   */
  static Optional<StepsByBatch> of(
      ShortSteps steps, StatedLoad load, boolean routes, StepQueries least) {
    int unit = least.batch();
    List<List<TracedKind>> probes = new ArrayList<>();
    load.state(1, 1);
    probes.add(TracedKind.all(steps, least));
    Optional<StatedLoad.Question> first = load.question();
    if (routes && first.isEmpty()) {
      load.expect();
      return Optional.empty();
    }
    load.state(1, 1);
    probes.add(TracedKind.all(steps, least.times(2)));
    Optional<StatedLoad.Question> next = load.question();
    Optional<Asked> asked = Optional.empty();
    if (routes) {
      if (next.isEmpty()) {
        load.expect();
        return Optional.empty();
      }
      asked = Optional.of(new Asked(first.get(), next.get()));
      load.state(2, 1);
      probes.add(TracedKind.all(steps, least));
      load.state(1, 2);
      probes.add(TracedKind.all(steps, least));
    }
    load.expect();
    ShortStep third = steps.of(least.times(CONFIRMED));
    if (!haveSameKinds(probes, third.trace())) {
      return Optional.empty();
    }
    try {
      StepsByBatch found = new StepsByBatch(unit, third, probes, asked);
      return found.isConfirmed() ? Optional.of(found) : Optional.empty();
    } catch (IllegalArgumentException e) {
      // Traces of different batches differ in more than sizes.
      return Optional.empty();
    }
  }

  private static boolean haveSameKinds(List<List<TracedKind>> probes, StepTrace step) {
    List<List<Integer>> members = step.kinds().stream().map(StepTrace.Kind::members).toList();
    return probes.stream()
        .allMatch(probe -> probe.stream().map(TracedKind::members).toList().equals(members));
  }

  /** Whether the step of another batch has the order of the first probe, and the sizes found. */
  private boolean isConfirmed() {
    List<Operation> sized = worksAt(CONFIRMED * unit);
    List<StepTrace.Kind> again = confirmed.trace().kinds();
    List<StepTrace.Kind> memory = memoryAt(CONFIRMED * unit).kinds();
    return IntStream.range(0, kinds.size())
        .allMatch(
            kind ->
                kinds.get(kind).isLike(again.get(kind), sized)
                    && memory.get(kind).memory().equals(again.get(kind).memory()));
  }

  /**
   * The step of one batch, whose kinds of ranks, order and waiting are those of all batches. Its
   * sizes are its own.
   */
  public ShortStep example() {
    return confirmed;
  }

  /**
   * The different works of a step. What two layers do alike, or two kinds of ranks, is listed once.
   *
   * @param batch a multiple of the unit
   * @return an operation for each work, with its sizes at that batch
   */
  public List<Operation> worksAt(int batch) {
    return works.at(quantities(batch));
  }

  /** For each operation of a kind of ranks, the number of its work. */
  public int[] workOf(int kind) {
    return kinds.get(kind).workOf();
  }

  /**
   * The memory that each kind of ranks needs. The traces hold each of its works once, in the order
   * in which they first occur, and nothing waits for anything.
   *
   * @param batch a multiple of the unit
   */
  public StepTrace memoryAt(int batch) {
    double[] quantities = quantities(batch);
    List<Operation> sized = works.at(quantities);
    return new StepTrace(
        IntStream.range(0, kinds.size())
            .mapToObj(kind -> kinds.get(kind).memoryAt(batch / unit, sized, quantities))
            .toList());
  }

  private double[] quantities(int batch) {
    int units = batch / unit - 1;
    if (asked.isEmpty()) {
      return new double[] {units};
    }
    StatedLoad.Question question = asked.get().later(units);
    int assignments = question.assignments();
    double active = question.active();
    return new double[] {units, assignments - 1, active - 1};
  }

  /**
   * A kind of ranks in one trace.
   *
   * @param kind its operations with two layers of each kind, and its memory
   * @param operations its operations with one layer of each kind
   * @param results the tensors that each of these makes
   */
  record TracedKind(StepTrace.Kind kind, List<Operation> operations, List<List<Spec>> results) {
    static List<TracedKind> all(ShortSteps steps, StepQueries queries) {
      List<TracedKind> all = new ArrayList<>();
      for (StepTrace.Kind kind : steps.of(queries).trace().kinds()) {
        TraceRank rank = steps.traced(kind);
        all.add(new TracedKind(kind, rank.trace().operations(), rank.results()));
      }
      return all;
    }

    List<Integer> members() {
      return kind.members();
    }
  }
}
