package dev.helix.runtime.timing.report;

import dev.helix.runtime.timing.cost.CostModel;
import dev.helix.runtime.timing.machine.Machine;
import dev.helix.runtime.timing.schedule.Accounting;
import dev.helix.runtime.timing.schedule.Schedule;
import dev.helix.runtime.timing.schedule.Scheduler;
import dev.helix.runtime.trace.RankMemory;
import dev.helix.runtime.trace.StepTrace;
import dev.helix.tensor.DType;
import java.util.List;
import java.util.Map;

/**
 * A step on a machine: its schedule, what follows from it, and what each GPU has to hold.
 *
 * @param batch requests, each of which gets one token
 */
public record StepTime(Machine machine, StepTrace trace, int batch, Schedule schedule) {
  /** Times a step. */
  public static StepTime of(Machine machine, StepTrace trace, int batch, Accounting accounting) {
    Scheduler scheduler = new Scheduler(CostModel.inStep(machine), accounting);
    Schedule schedule =
        scheduler.schedule(trace.kinds().stream().map(StepTrace.Kind::ranks).toList());
    return new StepTime(machine, trace, batch, schedule);
  }

  /** Token-to-token latency. */
  public double ttlMicros() {
    return schedule.ttlMicros();
  }

  /** Interactivity: 1/TTL. */
  public double tokensPerSecondPerUser() {
    return 1e6 / ttlMicros();
  }

  /** Throughput: the batch's tokens over all GPUs. */
  public double tokensPerSecondPerGpu() {
    return batch * tokensPerSecondPerUser() / trace.ranks();
  }

  /** Weights and KV cache of the GPU that holds most, scales of blocks included. */
  public long memoryPerGpuBytes() {
    return trace.kinds().stream()
        .mapToLong(kind -> weightBytes(kind.memory()) + kvBytes(kind.memory()))
        .max()
        .orElseThrow();
  }

  private long weightBytes(RankMemory memory) {
    long bytes = 0;
    for (Map.Entry<DType, Long> weights : memory.weightElements().entrySet()) {
      bytes = Math.addExact(bytes, machine.bytes(weights.getKey(), weights.getValue()));
    }
    return bytes;
  }

  private long kvBytes(RankMemory memory) {
    return machine.bytes(memory.kv(), memory.kvElements());
  }

  /** Of the step, one row for each operation of each place, in the order of the program. */
  List<OperationRow> rows() {
    return OperationRow.of(schedule, OperationRow::atPlace);
  }

  /** One row for each operation of the vocabulary and phase, of all places. */
  List<OperationRow> totals() {
    return OperationRow.of(schedule, OperationRow::ofPhase);
  }
}
