package dev.helix.runtime.sweep;

import dev.helix.runtime.timing.cost.Cost;
import dev.helix.runtime.timing.cost.CostModel;
import dev.helix.runtime.timing.cost.CostsOfWork;
import dev.helix.runtime.timing.machine.Machine;
import dev.helix.runtime.timing.memory.GpuMemory;
import dev.helix.runtime.timing.memory.StepMemory;
import dev.helix.runtime.trace.ShortStep;
import dev.helix.runtime.trace.StepTrace;
import dev.helix.runtime.trace.batch.StepsByBatch;
import dev.helix.tensor.program.CostFamily;
import dev.helix.tensor.trace.Launch;
import dev.helix.tensor.trace.Operation;
import dev.helix.tensor.trace.Transfer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The steps of one plan with the costs of their operations on one machine. What several layers or
 * ranks do alike is costed once.
 */
final class PlanSteps {
  private final Machine machine;
  private final CostModel model;
  private final PlanTraces traces;
  private final Map<Integer, Step> steps = new HashMap<>();

  /** Prepares the steps. */
  PlanSteps(Machine machine, PlanTraces traces) {
    this.machine = machine;
    this.model = CostModel.inStep(machine);
    this.traces = traces;
  }

  /** The memory that a batch takes. */
  StepMemory memory(int batch) {
    Optional<StepsByBatch> all = traces.byBatch(batch);
    return all.isPresent()
        ? sizedMemory(all.get(), batch)
        : StepMemory.of(machine, traces.traced(batch).trace());
  }

  private StepMemory sizedMemory(StepsByBatch all, int batch) {
    List<Operation> works = traces.works(all, batch);
    List<GpuMemory> memories = new ArrayList<>();
    for (int kind : all.kindsByMemory()) {
      List<Operation> own = new ArrayList<>();
      for (int work : all.ownWorks(kind)) {
        own.add(works.get(work));
      }
      memories.add(GpuMemory.of(machine, all.memoryAt(batch, kind), own));
    }
    return new StepMemory(memories);
  }

  /** The step of a batch. */
  Step of(int batch) {
    Step known = steps.get(batch);
    if (known == null) {
      Optional<StepsByBatch> all = traces.byBatch(batch);
      known = all.isPresent() ? sized(all.get(), batch) : traced(batch);
      steps.put(batch, known);
    }
    return known;
  }

  private Step sized(StepsByBatch all, int batch) {
    ShortStep example = all.example();
    List<Operation> sized = traces.works(all, batch);
    Cost[] works = new Cost[sized.size()];
    for (int i = 0; i < works.length; i++) {
      works[i] = model.of(sized.get(i));
    }
    Cost[][] costs = new Cost[example.trace().kinds().size()][];
    for (int kind = 0; kind < costs.length; kind++) {
      List<Integer> workOf = all.workOf(kind);
      costs[kind] = new Cost[workOf.size()];
      for (int i = 0; i < costs[kind].length; i++) {
        costs[kind][i] = works[workOf.get(i)];
      }
    }
    return new Step(example, costs, traces.structure(example));
  }

  private Step traced(int batch) {
    ShortStep step = traces.traced(batch);
    CostsOfWork once = new CostsOfWork(model);
    Cost[][] costs =
        step.trace().kinds().stream()
            .map(kind -> kind.trace().operations().stream().map(once::of).toArray(Cost[]::new))
            .toArray(Cost[][]::new);
    return new Step(step, costs, traces.structure(step));
  }

  /**
   * A step with its costs.
   *
   * @param step a step with the same operations, perhaps of another batch
   * @param costs by kind of ranks and operation
   * @param structure a number that is the same for steps with the same operations
   */
  @SuppressWarnings("ArrayRecordComponent") // It is handed on at once, and nobody compares two.
  record Step(ShortStep step, Cost[][] costs, int structure) {
    List<StepTrace.Kind> kinds() {
      return step.trace().kinds();
    }

    List<List<ShortStep.Run>> runs() {
      return step.runs();
    }

    Cost[] costs(int kind, Adjustment adjustment) {
      if (adjustment.equals(Adjustment.NONE)) {
        return costs[kind];
      }
      List<Operation> operations = kinds().get(kind).trace().operations();
      Cost[] adjusted = costs[kind].clone();
      for (int i = 0; i < adjusted.length; i++) {
        adjusted[i] = adjusted(operations.get(i), adjusted[i], adjustment);
      }
      return adjusted;
    }

    private static Cost adjusted(Operation operation, Cost cost, Adjustment adjustment) {
      if (operation instanceof Transfer transfer) {
        double more = transfer.group().size() > 1 ? adjustment.exchangeMicros() : 0;
        double latencyMicros = Math.max(0, cost.latencyMicros() + more);
        return new Cost(latencyMicros, cost.busyMicros(), cost.bytes());
      }
      CostFamily family = ((Launch) operation).kind().family();
      boolean matrix = family == CostFamily.GEMM || family == CostFamily.EXPERTS;
      double more = matrix ? adjustment.launchMicros() : 0;
      return new Cost(cost.latencyMicros(), cost.busyMicros() + more, cost.bytes());
    }
  }
}
