package dev.helix.runtime.sweep;

import dev.helix.runtime.timing.cost.CostModel;
import dev.helix.runtime.timing.cost.CostsOfWork;
import dev.helix.runtime.timing.machine.Machine;
import dev.helix.runtime.timing.memory.GpuMemory;
import dev.helix.runtime.timing.memory.StepMemory;
import dev.helix.runtime.trace.ShortStep;
import dev.helix.runtime.trace.StepTrace;
import dev.helix.runtime.trace.batch.StepsByBatch;
import dev.helix.tensor.trace.Operation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The steps of one plan with the costs of their operations on one machine. What several layers or
 * ranks do alike is costed once.
 */
final class PlanSteps {
  private final Machine machine;
  private final CostModel model;
  private final PlanTraces traces;
  private final Map<Integer, Step> steps = new HashMap<>();

  /** For each kind of ranks and operation the work, in the steps that are not traced themselves. */
  private int[][] workOf = {};

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
    if (workOf.length == 0) {
      workOf = new int[example.trace().kinds().size()][];
      Arrays.setAll(workOf, kind -> all.workOf(kind).stream().mapToInt(work -> work).toArray());
    }
    WorkCosts costs = WorkCosts.of(traces.works(all, batch), model);
    return new Step(example, costs, workOf, traces.structure(example));
  }

  /** Every operation of a step that is traced by itself is a work of its own. */
  private Step traced(int batch) {
    ShortStep step = traces.traced(batch);
    List<StepTrace.Kind> kinds = step.trace().kinds();
    List<Operation> works = new ArrayList<>();
    int[][] own = new int[kinds.size()][];
    for (int kind = 0; kind < own.length; kind++) {
      List<Operation> operations = kinds.get(kind).trace().operations();
      own[kind] = IntStream.range(works.size(), works.size() + operations.size()).toArray();
      works.addAll(operations);
    }
    WorkCosts costs = WorkCosts.of(works, new CostsOfWork(model));
    return new Step(step, costs, own, traces.structure(step));
  }

  /**
   * A step with its costs.
   *
   * @param step a step with the same operations, perhaps of another batch
   * @param costs the costs of its works
   * @param workOf for each kind of ranks and each of its operations the number of its work
   * @param structure a number that is the same for steps with the same operations
   */
  @SuppressWarnings("ArrayRecordComponent") // It is handed on at once, and nobody compares two.
  record Step(ShortStep step, WorkCosts costs, int[][] workOf, int structure) {
    List<StepTrace.Kind> kinds() {
      return step.trace().kinds();
    }
  }
}
