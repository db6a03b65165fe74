package dev.helix.runtime.trace.batch;

import dev.helix.runtime.trace.RankMemory;
import dev.helix.runtime.trace.ResultLifetimes;
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
  private final List<SizedRanks> ranks;

  /** For each kind of ranks, which of the ranks of equal sizes they are. */
  private final List<SizedRanks> ranksOf;

  private final SizedWorks works;

  /** For each kind of ranks and each of its operations the number of its work. */
  private final List<List<Integer>> workOf = new ArrayList<>();

  /** The works of each kind, each once. */
  private final List<List<Integer>> ownWorks;

  /** For ranks of equal sizes their first kind. */
  private final List<Integer> kindsByMemory;

  private final Optional<Asked> asked;

  private StepsByBatch(
      int unit, ShortStep confirmed, List<List<TracedRanks>> probes, Optional<Asked> asked) {
    this.unit = unit;
    this.confirmed = confirmed;
    this.asked = asked;
    this.ranks =
        IntStream.range(0, probes.get(0).size())
            .mapToObj(i -> new SizedRanks(probes.stream().map(all -> all.get(i)).toList()))
            .toList();
    List<StepTrace.Kind> kinds = confirmed.trace().kinds();
    this.ranksOf = kinds.stream().map(this::ranksOf).toList();
    requireConfirmed(kinds);
    this.works = new SizedWorks();
    for (int kind = 0; kind < kinds.size(); kind++) {
      workOf.add(ranksOf.get(kind).works(kinds.get(kind), works));
    }
    this.ownWorks = workOf.stream().map(of -> of.stream().distinct().toList()).toList();
    this.kindsByMemory = ranks.stream().map(ranksOf::indexOf).toList();
  }

  private SizedRanks ranksOf(StepTrace.Kind kind) {
    return ranks.stream()
        .filter(own -> own.have(kind))
        .findFirst()
        .orElseThrow(
            () -> new IllegalArgumentException("ranks " + kind.members() + " differ in sizes"));
  }

  /** Checks that the step of another batch has the order of the first probe and the sizes found. */
  private void requireConfirmed(List<StepTrace.Kind> kinds) {
    double[] quantities = quantities(CONFIRMED * unit);
    for (int kind = 0; kind < kinds.size(); kind++) {
      SizedRanks own = ranksOf.get(kind);
      if (!own.areConfirmedBy(kinds.get(kind), quantities)
          || !own.memoryAt(CONFIRMED, quantities).equals(kinds.get(kind).memory())) {
        throw new IllegalArgumentException(
            "ranks %s have other sizes in a step of %d units"
                .formatted(kinds.get(kind).members(), CONFIRMED));
      }
    }
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
   * @param least the smallest batch, of one assignment and one active expert of each group
   * @return empty if the sizes depend on the batch in another way: where ranks send tokens to each
   *     other, their numbers are rounded
   */
  static Optional<StepsByBatch> of(ShortSteps steps, StatedLoad load, boolean routes, Probe least) {
    int unit = least.queries().batch();
    if (routes && least.question().isEmpty()) {
      return Optional.empty();
    }
    Probe next = Probe.of(steps, load, least.queries().times(2), 1, 1);
    List<List<TracedRanks>> probes = new ArrayList<>(List.of(least.ranks(), next.ranks()));
    Optional<Asked> asked = Optional.empty();
    if (routes) {
      if (next.question().isEmpty()) {
        return Optional.empty();
      }
      asked = Optional.of(new Asked(least.question().get(), next.question().get()));
      probes.add(Probe.of(steps, load, least.queries(), 2, 1).ranks());
      probes.add(Probe.of(steps, load, least.queries(), 1, 2).ranks());
    }
    ShortStep third = steps.of(least.queries().times(CONFIRMED));
    if (!haveSameMembers(probes)) {
      return Optional.empty();
    }
    try {
      return Optional.of(new StepsByBatch(unit, third, probes, asked));
    } catch (IllegalArgumentException e) {
      // Traces of different batches differ in more than sizes.
      return Optional.empty();
    }
  }

  private static boolean haveSameMembers(List<List<TracedRanks>> probes) {
    return probes.stream()
            .map(probe -> probe.stream().map(TracedRanks::members).toList())
            .distinct()
            .count()
        == 1;
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
  public List<Integer> workOf(int kind) {
    return workOf.get(kind);
  }

  /** The numbers of the works of a kind of ranks, each once. */
  public List<Integer> ownWorks(int kind) {
    return ownWorks.get(kind);
  }

  /**
   * The memory that a rank of a kind needs.
   *
   * @param batch a multiple of the unit
   */
  public RankMemory memoryAt(int batch, int kind) {
    return ranksOf.get(kind).memoryAt(batch / unit, quantities(batch));
  }

  /** The first kind of ranks of each memory; all other kinds need the memory of one of these. */
  public List<Integer> kindsByMemory() {
    return kindsByMemory;
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
   * A trace under a stated load.
   *
   * @param question the load that it has asked for
   */
  record Probe(
      StepQueries queries,
      StepTrace trace,
      List<TracedRanks> ranks,
      Optional<StatedLoad.Question> question) {
    /** Traces a step under a stated load, and goes back to the expected one. */
    static Probe of(
        ShortSteps steps, StatedLoad load, StepQueries queries, int assignments, int active) {
      load.state(assignments, active);
      try {
        StepTrace trace = steps.bySizes(queries);
        List<TracedRanks> ranks =
            trace.kinds().stream().map(kind -> TracedRanks.of(kind, steps.traced(kind))).toList();
        return new Probe(queries, trace, ranks, load.question());
      } finally {
        load.expect();
      }
    }
  }

  /**
   * Ranks of equal sizes in one trace.
   *
   * @param members which ranks they are
   * @param all the operations of the first of them with two layers of each kind
   * @param memory how much memory each needs
   * @param results the tensors that its operations make, with one layer of each kind
   * @param lifetimes how long these are held
   */
  record TracedRanks(
      List<Integer> members,
      List<Operation> all,
      RankMemory memory,
      List<Spec> results,
      ResultLifetimes lifetimes) {
    private static TracedRanks of(StepTrace.Kind kind, TraceRank rank) {
      return new TracedRanks(
          kind.members(),
          kind.trace().operations(),
          kind.memory(),
          rank.results().stream().flatMap(List::stream).toList(),
          ResultLifetimes.of(rank.trace().operations(), rank.results()));
    }
  }
}
