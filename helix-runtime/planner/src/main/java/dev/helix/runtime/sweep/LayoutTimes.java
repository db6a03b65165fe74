package dev.helix.runtime.sweep;

import dev.helix.runtime.timing.machine.Machine;
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

  private final Machine machine;

  /** At most the memory of the smallest batch, once it was asked for. */
  private Optional<StepMemory> least = Optional.empty();

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
    this.machine = deployment.machine();
  }

  /**
   * The memory that a configuration takes, empty if it is more than the deployment may fill.
   *
   * @param batch number of requests; those of one micro-batch in a pipeline
   * @param microBatches how many of them there are, of which one is computed at a time
   */
  Optional<GpuMemory> memory(int batch, int microBatches) {
    int times = batch / traces.plan().groups() * microBatches;
    if (traces.isLeastWorthATrace(times) && least().bytesWithCachesTimes(times) > usableBytes) {
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

  private StepMemory least() {
    if (least.isEmpty()) {
      least = Optional.of(StepMemory.of(machine, traces.least()));
    }
    return least.get();
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
    boolean ownCosts = hopB.isOn() && hopB.accounting() == Accounting.PER_PIECE;
    PlanSteps.Step piece = ownCosts ? steps.of(batch / hopB.pieces()) : whole;
    Pieces pieces =
        new Pieces(
            whole.costs().adjusted(adjustment),
            piece.costs().adjusted(adjustment),
            ownCosts ? 1 : 1.0 / hopB.pieces(),
            hopB.pieces(),
            program.schedule().operations());
    for (int kind = 0; kind < whole.kinds().size(); kind++) {
      pieces.put(
          program.step(),
          kind,
          program.schedule().indexOf(kind, 0),
          whole.workOf()[kind],
          piece.workOf()[ownCosts ? sameKind(whole, kind, piece) : kind]);
    }
    return program.schedule().times(pieces.latency, pieces.busy);
  }

  private static int sameKind(PlanSteps.Step whole, int kind, PlanSteps.Step piece) {
    int rank = whole.kinds().get(kind).members().get(0);
    for (int same = 0; same < piece.kinds().size(); same++) {
      if (piece.kinds().get(same).members().contains(rank)) {
        return same;
      }
    }
    throw new IllegalStateException("rank " + rank + " runs nothing of a smaller batch");
  }

  /** The costs of whole operations and of their pieces, in the order of a schedule. */
  private static final class Pieces {
    private final WorkCosts whole;
    private final WorkCosts piece;
    private final double share;
    private final int count;
    private final double[] latency;
    private final double[] busy;

    /**
     * Begins with no costs.
     *
     * @param share what part of {@code piece} each piece costs
     * @param count number of pieces
     */
    Pieces(WorkCosts whole, WorkCosts piece, double share, int count, int operations) {
      this.whole = whole;
      this.piece = piece;
      this.share = share;
      this.count = count;
      this.latency = new double[operations];
      this.busy = new double[operations];
    }

    /**
     * Puts the costs of a kind's operations in their places.
     *
     * @param first the place of the first
     * @param wholeWork the work of each operation of the unsplit step
     * @param pieceWork the same in the step whose operations are the pieces
     */
    void put(PiecedStep step, int kind, int first, int[] wholeWork, int[] pieceWork) {
      int[] source = step.source(kind);
      for (int i = 0; i < source.length; i++) {
        PiecedStep.Role role = step.role(kind, i);
        if (role == PiecedStep.Role.WHOLE) {
          latency[first + i] = whole.latencyMicros(wholeWork[source[i]]);
          busy[first + i] = whole.busyMicros(wholeWork[source[i]]);
        } else {
          int times = role == PiecedStep.Role.MIDDLE ? count - 2 : 1;
          latency[first + i] = share * piece.latencyMicros(pieceWork[source[i]]);
          busy[first + i] = times * share * piece.busyMicros(pieceWork[source[i]]);
        }
      }
    }
  }
}
