package dev.helix.runtime.sweep;

import dev.helix.runtime.timing.cost.Cost;
import dev.helix.runtime.timing.cost.CostModel;
import dev.helix.runtime.timing.machine.Machine;
import dev.helix.runtime.timing.memory.GpuMemory;
import dev.helix.runtime.timing.memory.StepMemory;
import dev.helix.runtime.trace.LoadModel;
import dev.helix.runtime.trace.ShortStep;
import dev.helix.runtime.trace.StepQueries;
import dev.helix.runtime.trace.StepTrace;
import dev.helix.runtime.trace.batch.ExpectedSteps;
import dev.helix.runtime.trace.batch.StepsByBatch;
import dev.helix.tensor.program.CostFamily;
import dev.helix.tensor.trace.Launch;
import dev.helix.tensor.trace.Operation;
import dev.helix.tensor.trace.Transfer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The steps of one plan with the costs of their operations. A few traces give the sizes for all
 * batches, and what several layers or ranks do alike is costed once. Only where ranks send tokens
 * to each other, each batch is traced by itself.
 */
final class PlanSteps {
  private final StepQueries request;
  private final Machine machine;
  private final CostModel model;

  /** Where ranks divide tokens among each other, their shares are equal at multiples of this. */
  private final int unit;

  private final ExpectedSteps traces;
  private Optional<StepsByBatch> byBatch = Optional.empty();
  private int structureByBatch;
  private boolean searched;
  private final Map<Integer, ShortStep> traced = new HashMap<>();
  private final Map<Integer, List<Operation>> works = new HashMap<>();
  private final Map<Integer, Step> steps = new HashMap<>();
  private final Map<List<Object>, Integer> structures = new HashMap<>();

  /**
   * Prepares the steps.
   *
   * @param request the queries of one request
   */
  PlanSteps(
      Deployment deployment, Plan plan, StepQueries request, LoadModel.UniformExpectation load) {
    this.request = request;
    this.machine = deployment.machine();
    this.model = CostModel.inStep(machine);
    this.unit = plan.groups() > 1 ? plan.gpus() : 1;
    this.traces = deployment.steps(plan.strategy(), load);
  }

  /** The memory that a batch takes. */
  StepMemory memory(int batch) {
    Optional<StepsByBatch> all = byBatch(batch);
    return all.isPresent() ? sizedMemory(all.get(), batch) : tracedMemory(batch);
  }

  private StepMemory sizedMemory(StepsByBatch all, int batch) {
    List<Operation> works = works(all, batch);
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

  /** The memory that a batch takes, from a trace of its own. */
  StepMemory tracedMemory(int batch) {
    return StepMemory.of(machine, trace(batch).trace());
  }

  /** The same, of which one rank is traced for all whose launches have the same sizes. */
  StepMemory memoryBySizes(int batch) {
    return StepMemory.of(machine, traces.bySizes(request.times(batch)));
  }

  /** The step of a batch. */
  Step of(int batch) {
    Step known = steps.get(batch);
    if (known == null) {
      Optional<StepsByBatch> all = byBatch(batch);
      known = all.isPresent() ? sized(all.get(), batch) : traced(batch);
      steps.put(batch, known);
    }
    return known;
  }

  private Optional<StepsByBatch> byBatch(int batch) {
    if (batch % unit != 0) {
      return Optional.empty();
    }
    if (!searched) {
      byBatch = traces.byBatch(request.times(unit));
      byBatch.ifPresent(all -> structureByBatch = structure(all.example()));
      searched = true;
    }
    return byBatch;
  }

  private ShortStep trace(int batch) {
    return traced.computeIfAbsent(batch, requests -> traces.of(request.times(requests)));
  }

  private List<Operation> works(StepsByBatch all, int batch) {
    List<Operation> known = works.get(batch);
    if (known == null) {
      known = all.worksAt(batch);
      works.put(batch, known);
    }
    return known;
  }

  private Step sized(StepsByBatch all, int batch) {
    ShortStep example = all.example();
    List<Operation> sized = works(all, batch);
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
    return new Step(example, costs, structureByBatch);
  }

  private Step traced(int batch) {
    ShortStep step = trace(batch);
    // What several layers or ranks do alike is one value.
    IdentityHashMap<Object, Cost> same = new IdentityHashMap<>();
    Cost[][] costs =
        step.trace().kinds().stream()
            .map(
                kind ->
                    kind.trace().operations().stream()
                        .map(one -> same.computeIfAbsent(work(one), first -> model.of(one)))
                        .toArray(Cost[]::new))
            .toArray(Cost[][]::new);
    return new Step(step, costs, structure(step));
  }

  /** A number that is the same for steps of the same operations. */
  private int structure(ShortStep step) {
    List<Object> structure =
        step.trace().kinds().stream()
            .flatMap(
                kind ->
                    Stream.concat(
                        Stream.of(kind.members()),
                        kind.trace().operations().stream().map(Operation::name)))
            .toList();
    return structures.computeIfAbsent(structure, first -> structures.size());
  }

  private static Object work(Operation operation) {
    return operation instanceof Launch launch
        ? launch.work()
        : ((Transfer) operation).contribution();
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
