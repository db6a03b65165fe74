package dev.helix.runtime.timing.report;

import dev.helix.runtime.timing.cost.CostModel;
import dev.helix.runtime.timing.machine.Machine;
import dev.helix.runtime.timing.memory.StepMemory;
import dev.helix.runtime.timing.schedule.Accounting;
import dev.helix.runtime.timing.schedule.Schedule;
import dev.helix.runtime.timing.schedule.Scheduler;
import dev.helix.runtime.trace.RankMemory;
import dev.helix.runtime.trace.StepTrace;
import dev.helix.tensor.DType;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The time of a step on a machine: its schedule, what follows from it, and how much memory each GPU
 * needs.
 *
 * @param machine the machine
 * @param trace what the step launches and sends
 * @param batch number of requests, each of which gets one token
 * @param accounting how overhead and latency of pieces count
 * @param schedule when each operation runs
 */
public record StepTime(
    Machine machine, StepTrace trace, int batch, Accounting accounting, Schedule schedule) {
  /** Computes the time of a step on a machine. */
  public static StepTime of(Machine machine, StepTrace trace, int batch, Accounting accounting) {
    Scheduler scheduler = new Scheduler(CostModel.inStep(machine), accounting);
    Schedule schedule =
        scheduler.schedule(trace.kinds().stream().map(StepTrace.Kind::ranks).toList());
    return new StepTime(machine, trace, batch, accounting, schedule);
  }

  /** The time of the same step on another machine or in another accounting, in the same order. */
  public StepTime on(Machine other, Accounting otherAccounting) {
    Scheduler scheduler = new Scheduler(CostModel.inStep(other), otherAccounting);
    return new StepTime(
        other, trace, batch, otherAccounting, scheduler.schedule(schedule.program()));
  }

  /** Token-to-token latency (TTL). */
  public double ttlMicros() {
    return schedule.ttlMicros();
  }

  /**
   * The range of the TTL by the errors of measurements that no constant was fitted to; empty if the
   * preset was not fitted.
   */
  public Optional<TtlInterval> interval() {
    return TtlInterval.of(this);
  }

  /** What in this step goes beyond any measurement, one sentence each. */
  public List<String> extrapolated() {
    return Extrapolation.of(this);
  }

  /** Tokens per second and user, which is 1/TTL. */
  public double tokensPerSecondPerUser() {
    return 1e6 / ttlMicros();
  }

  /** Tokens per second and GPU: the batch's tokens over all GPUs. */
  public double tokensPerSecondPerGpu() {
    return batch * tokensPerSecondPerUser() / trace.ranks();
  }

  /** What the step takes of the memory of GPUs, item by item. */
  public StepMemory memory() {
    return StepMemory.of(machine, trace);
  }

  /** Bytes of the weights of a rank on a machine, scales of blocks included. */
  public static long weightBytes(Machine machine, RankMemory memory) {
    long bytes = 0;
    for (Map.Entry<DType, Long> weights : memory.weightElements().entrySet()) {
      bytes = Math.addExact(bytes, machine.bytes(weights.getKey(), weights.getValue()));
    }
    return bytes;
  }

  /**
   * The rows of the step's operations, one for each operation at each place, in the order of the
   * program.
   */
  List<OperationRow> rows() {
    return OperationRow.of(schedule, OperationRow::atPlace);
  }

  /**
   * The rows of the step's operations, one for each operation of the vocabulary and phase, with all
   * places added up.
   */
  List<OperationRow> totals() {
    return OperationRow.of(schedule, OperationRow::ofPhase);
  }
}
