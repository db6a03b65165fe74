package dev.helix.runtime.sweep;

import dev.helix.runtime.timing.cost.Cost;
import dev.helix.runtime.timing.memory.GpuMemory;
import dev.helix.runtime.timing.memory.StepMemory;
import dev.helix.runtime.timing.schedule.Accounting;
import dev.helix.runtime.timing.schedule.StepProgram;
import dev.helix.runtime.trace.LoadModel;
import dev.helix.runtime.trace.ShortStep;
import dev.helix.runtime.trace.StepQueries;
import dev.helix.runtime.trace.StepTrace;
import dev.helix.tensor.trace.RankKind;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The times of one plan for all batches and all ways of HOP-B, each from a step with two layers of
 * each kind.
 */
final class LayoutTimes {
  private final Deployment deployment;
  private final Plan plan;
  private final PlanSteps steps;

  private final Map<Integer, StepMemory> memories = new HashMap<>();

  private final long usableBytes;

  /** The memory of the smallest batch. */
  private final StepMemory least;

  private final Map<List<Integer>, Program> programs = new HashMap<>();
  private final Set<String> split;

  /** Prepares the times of one plan alone. */
  LayoutTimes(Deployment deployment, Plan plan) {
    this(deployment, plan, deployment.request(), new LoadModel.UniformExpectation());
  }

  /**
   * Prepares the times.
   *
   * @param request the queries of one request
   * @param load the expected load of the experts, whose chances several plans share
   */
  LayoutTimes(
      Deployment deployment, Plan plan, StepQueries request, LoadModel.UniformExpectation load) {
    this.deployment = deployment;
    this.plan = plan;
    this.steps = new PlanSteps(deployment, plan, request, load);
    this.usableBytes = deployment.usableBytes();
    this.least = steps.memoryBySizes(plan.groups());
    this.split = plan.hasHopB() ? split(request, load) : Set.of();
  }

  /** The operations that the program marks as pieces under HOP-B. */
  private Set<String> split(StepQueries request, LoadModel.UniformExpectation load) {
    return deployment
        .steps(plan.withHopB(), load)
        .bySizes(request.times(2 * plan.groups()))
        .kinds()
        .stream()
        .flatMap(kind -> kind.trace().operations().stream())
        .filter(operation -> !operation.piece().isWhole())
        .map(PiecedStep::key)
        .collect(Collectors.toSet());
  }

  /**
   * The memory that a configuration takes, empty if it is more than the deployment may fill.
   *
   * @param batch number of requests; those of one micro-batch in a pipeline
   * @param microBatches how many of them there are, of which one is computed at a time
   */
  Optional<GpuMemory> memory(int batch, int microBatches) {
    int times = batch / plan.groups() * microBatches;
    if (least.bytesWithCachesTimes(times) > usableBytes) {
      return Optional.empty();
    }
    StepMemory memory = memories.get(batch);
    if (memory == null) {
      memory = steps.memory(batch);
      memories.put(batch, memory);
    }
    return memory.bytesWithCachesTimes(microBatches) <= usableBytes
        ? Optional.of(memory.withCachesTimes(microBatches).fullest())
        : Optional.empty();
  }

  /**
   * The token-to-token latency of a configuration of this plan.
   *
   * @param batch number of requests; those of one micro-batch in a pipeline
   */
  double ttlMicros(int batch, HopB hopB, int microBatches) {
    return ttlMicros(batch, hopB, microBatches, Adjustment.NONE);
  }

  /** The same under other overheads. */
  double ttlMicros(int batch, HopB hopB, int microBatches, Adjustment adjustment) {
    PlanSteps.Step whole = steps.of(batch);
    Program program = program(whole, Math.min(hopB.pieces(), 3));
    StepProgram.Times times = times(program, whole, batch, hopB, adjustment);
    double way = times.ttlMicros();
    for (Repeat repeat : program.repeats) {
      way += repeat.left * repeat.micros(times);
    }
    return microBatches == 1 ? way : Math.max(way, microBatches * slowestStage(program, times));
  }

  /** Puts a step with its pieces on the streams. */
  private StepProgram.Times times(
      Program program, PlanSteps.Step whole, int batch, HopB hopB, Adjustment adjustment) {
    double[] latency = new double[program.schedule.operations()];
    double[] busy = new double[program.schedule.operations()];
    for (int kind = 0; kind < whole.kinds().size(); kind++) {
      Piecewise pieces = pieces(whole, kind, batch, hopB, adjustment);
      int[] source = program.step.source(kind);
      for (int i = 0; i < source.length; i++) {
        int index = program.schedule.indexOf(kind, i);
        pieces.put(source[i], program.step.role(kind, i), index, latency, busy);
      }
    }
    return program.schedule.times(latency, busy);
  }

  /** A stage takes the next micro-batch when it has computed this one. */
  private static double slowestStage(Program program, StepProgram.Times times) {
    double slowest = 0;
    for (int kind = 0; kind < program.schedule.kinds().size(); kind++) {
      double micros = times.computingMicros(kind);
      for (Repeat repeat : program.repeats) {
        micros += repeat.kinds.contains(kind) ? repeat.left * repeat.micros(times) : 0;
      }
      slowest = Math.max(slowest, micros);
    }
    return slowest;
  }

  private Piecewise pieces(
      PlanSteps.Step whole, int kind, int batch, HopB hopB, Adjustment adjustment) {
    if (hopB.accounting() == Accounting.IDEALISED || !hopB.isOn()) {
      Cost[] own = whole.costs(kind, adjustment);
      return new Piecewise(own, own, 1.0 / hopB.pieces(), hopB);
    }
    PlanSteps.Step piece = steps.of(batch / hopB.pieces());
    int rank = whole.kinds().get(kind).members().get(0);
    for (int same = 0; same < piece.kinds().size(); same++) {
      if (piece.kinds().get(same).members().contains(rank)) {
        return new Piecewise(whole.costs(kind, adjustment), piece.costs(same, adjustment), 1, hopB);
      }
    }
    throw new IllegalStateException("rank " + rank + " runs nothing of a smaller batch");
  }

  /** The costs of whole operations and of their pieces. */
  private static final class Piecewise {
    private final Cost[] whole;
    private final Cost[] piece;
    private final double share;
    private final HopB hopB;

    Piecewise(Cost[] whole, Cost[] piece, double share, HopB hopB) {
      this.whole = whole;
      this.piece = piece;
      this.share = share;
      this.hopB = hopB;
    }

    void put(int source, PiecedStep.Role role, int index, double[] latency, double[] busy) {
      if (role == PiecedStep.Role.WHOLE) {
        latency[index] = whole[source].latencyMicros();
        busy[index] = whole[source].busyMicros();
      } else {
        int times = role == PiecedStep.Role.MIDDLE ? hopB.pieces() - 2 : 1;
        latency[index] = share * piece[source].latencyMicros();
        busy[index] = times * share * piece[source].busyMicros();
      }
    }
  }

  private Program program(PlanSteps.Step step, int stand) {
    List<Integer> key = List.of(step.structure(), stand);
    Program known = programs.get(key);
    if (known == null) {
      known = new Program(step, split, stand);
      programs.put(key, known);
    }
    return known;
  }

  /** The schedule of all steps of one structure, and the layers that it leaves out. */
  private static final class Program {
    private final PiecedStep step;
    private final StepProgram schedule;
    private final List<Repeat> repeats;

    Program(PlanSteps.Step whole, Set<String> split, int stand) {
      List<RankKind> kinds = whole.kinds().stream().map(StepTrace.Kind::ranks).toList();
      this.step = PiecedStep.of(kinds, split, stand);
      this.schedule = StepProgram.of(step.kinds());
      Map<ShortStep.Run, Set<Integer>> runs =
          new TreeMap<>(Comparator.comparingInt(ShortStep.Run::layer));
      for (int kind = 0; kind < whole.runs().size(); kind++) {
        for (ShortStep.Run run : whole.runs().get(kind)) {
          runs.computeIfAbsent(run, first -> new HashSet<>()).add(kind);
        }
      }
      this.repeats =
          runs.entrySet().stream()
              .map(
                  entry ->
                      new Repeat(
                          schedule.at(entry.getKey().first()),
                          schedule.at(entry.getKey().second()),
                          entry.getKey().left(),
                          entry.getValue()))
              .toList();
    }
  }

  /** Layers that a step leaves out, and the kinds of ranks that run them. */
  private static final class Repeat {
    private final int[] first;
    private final int[] second;
    private final int left;
    private final Set<Integer> kinds;

    /** Takes the operations of the first and of the second layer of the same kind. */
    Repeat(int[] first, int[] second, int left, Set<Integer> kinds) {
      this.first = first;
      this.second = second;
      this.left = left;
      this.kinds = kinds;
    }

    double micros(StepProgram.Times times) {
      return times.endMicros(second) - times.endMicros(first);
    }
  }
}
