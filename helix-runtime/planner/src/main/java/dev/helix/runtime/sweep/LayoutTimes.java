package dev.helix.runtime.sweep;

import dev.helix.runtime.timing.cost.Cost;
import dev.helix.runtime.timing.memory.GpuMemory;
import dev.helix.runtime.timing.memory.StepMemory;
import dev.helix.runtime.timing.schedule.Accounting;
import dev.helix.runtime.timing.schedule.StepProgram;
import dev.helix.runtime.trace.LoadModel;
import dev.helix.runtime.trace.StepQueries;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The times of one plan on one machine for all batches and all ways of HOP-B, each from a step with
 * two layers of each kind.
 */
final class LayoutTimes {
  private final PlanTraces traces;
  private final PlanSteps steps;

  private final Map<Integer, StepMemory> memories = new HashMap<>();

  private final long usableBytes;

  /** The memory of the smallest batch, if there are so many batches that it saves traces. */
  private final Optional<StepMemory> least;

  /**
   * Prepares the times of one plan alone.
   *
   * @param request the queries of one request
   * @param batches for how many numbers of requests times will be asked
   */
  LayoutTimes(Deployment deployment, Plan plan, StepQueries request, int batches) {
    this(
        deployment,
        new PlanTraces(deployment, plan, request, new LoadModel.UniformExpectation(), batches));
  }

  /**
   * Prepares the times.
   *
   * @param traces the steps, which several machines share
   */
  LayoutTimes(Deployment deployment, PlanTraces traces) {
    this.traces = traces;
    this.steps = new PlanSteps(deployment.machine(), traces);
    this.usableBytes = deployment.usableBytes();
    this.least = traces.least().map(trace -> StepMemory.of(deployment.machine(), trace));
  }

  /**
   * The memory that a configuration takes, empty if it is more than the deployment may fill.
   *
   * @param batch number of requests; those of one micro-batch in a pipeline
   * @param microBatches how many of them there are, of which one is computed at a time
   */
  Optional<GpuMemory> memory(int batch, int microBatches) {
    int times = batch / traces.plan().groups() * microBatches;
    if (least.isPresent() && least.get().bytesWithCachesTimes(times) > usableBytes) {
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
    PlanProgram program =
        traces.program(whole.step(), whole.structure(), Math.min(hopB.pieces(), 3));
    StepProgram.Times times = times(program, whole, batch, hopB, adjustment);
    double way = program.wayMicros(times);
    return microBatches == 1
        ? way
        : Math.max(way, microBatches * program.slowestStageMicros(times));
  }

  /** Puts a step with its pieces on the streams. */
  private StepProgram.Times times(
      PlanProgram program, PlanSteps.Step whole, int batch, HopB hopB, Adjustment adjustment) {
    double[] latency = new double[program.schedule().operations()];
    double[] busy = new double[program.schedule().operations()];
    for (int kind = 0; kind < whole.kinds().size(); kind++) {
      Piecewise pieces = pieces(whole, kind, batch, hopB, adjustment);
      int[] source = program.step().source(kind);
      for (int i = 0; i < source.length; i++) {
        int index = program.schedule().indexOf(kind, i);
        pieces.put(source[i], program.step().role(kind, i), index, latency, busy);
      }
    }
    return program.schedule().times(latency, busy);
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
}
