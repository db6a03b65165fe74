package dev.helix.runtime.sweep;

import dev.helix.runtime.trace.LoadModel;
import dev.helix.runtime.trace.ShortStep;
import dev.helix.runtime.trace.StepQueries;
import dev.helix.runtime.trace.StepTrace;
import dev.helix.runtime.trace.batch.ExpectedSteps;
import dev.helix.runtime.trace.batch.StepsByBatch;
import dev.helix.tensor.trace.Operation;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The steps of one plan, which are the same on every machine. A few traces give the sizes for all
 * batches. Only where ranks send tokens to each other, or where there are fewer batches than
 * traces, each batch is traced by itself.
 *
 * <p>For one thread.
 */
final class PlanTraces {
  /** How many traces give the sizes for all batches. */
  private static final int TRACES_FOR_ALL = 5;

  /** A step of so many requests of each group takes hardly longer to trace than one of one. */
  private static final int QUICKLY_TRACED = 64;

  private final Deployment deployment;
  private final Plan plan;
  private final StepQueries request;
  private final LoadModel.UniformExpectation load;
  private final ExpectedSteps steps;

  /** Where ranks divide tokens among each other, their shares are equal at multiples of this. */
  private final int unit;

  private final boolean isForMany;
  private Optional<StepTrace> least = Optional.empty();
  private Optional<StepsByBatch> byBatch = Optional.empty();
  private boolean searched;
  private final Map<Integer, ShortStep> traced = new HashMap<>();
  private final Map<Integer, List<Operation>> works = new HashMap<>();
  private final Map<List<Object>, Integer> structureOf = new HashMap<>();
  private final IdentityHashMap<ShortStep, Integer> structures = new IdentityHashMap<>();
  private final Map<List<Integer>, PlanProgram> programs = new HashMap<>();
  private Optional<Set<String>> split = Optional.empty();

  /**
   * Prepares the steps.
   *
   * @param deployment what is served; its machine does not matter
   * @param request the queries of one request
   * @param load the expected load of the experts, whose chances several plans share
   * @param batches how many numbers of requests will be asked for
   */
  PlanTraces(
      Deployment deployment,
      Plan plan,
      StepQueries request,
      LoadModel.UniformExpectation load,
      int batches) {
    this.deployment = deployment;
    this.plan = plan;
    this.request = request;
    this.load = load;
    this.steps = deployment.steps(plan.strategy(), load);
    this.unit = plan.groups() > 1 ? plan.gpus() : 1;
    this.isForMany = batches >= TRACES_FOR_ALL;
  }

  Plan plan() {
    return plan;
  }

  /**
   * Whether it is worth a trace to know at first that so many requests of a group do not fit. A
   * step is traced in a time that grows with its requests.
   */
  boolean isLeastWorthATrace(int requests) {
    return isForMany || requests > QUICKLY_TRACED;
  }

  /**
   * A step that holds no more than that of the smallest batch, in which one rank is traced for all
   * whose launches have the same sizes.
   */
  StepTrace least() {
    if (least.isEmpty()) {
      least = Optional.of(steps.atMost(request.times(plan.groups())));
    }
    return least.get();
  }

  /** The steps of all batches; empty if this one is traced by itself. */
  Optional<StepsByBatch> byBatch(int batch) {
    if (!isForMany || batch % unit != 0) {
      return Optional.empty();
    }
    if (!searched) {
      byBatch = steps.byBatch(request.times(unit));
      searched = true;
    }
    return byBatch;
  }

  /** The step of a batch, traced by itself. */
  ShortStep traced(int batch) {
    return traced.computeIfAbsent(batch, requests -> steps.of(request.times(requests)));
  }

  /** The different works of a batch, as the steps of all batches have them. */
  List<Operation> works(StepsByBatch all, int batch) {
    List<Operation> known = works.get(batch);
    if (known == null) {
      known = all.worksAt(batch);
      works.put(batch, known);
    }
    return known;
  }

  /** A number that is the same for steps of the same operations. */
  int structure(ShortStep step) {
    return structures.computeIfAbsent(step, this::structureOf);
  }

  private int structureOf(ShortStep step) {
    List<Object> operations =
        step.trace().kinds().stream()
            .flatMap(
                kind ->
                    Stream.concat(
                        Stream.of(kind.members()),
                        kind.trace().operations().stream().map(Operation::name)))
            .toList();
    return structureOf.computeIfAbsent(operations, first -> structureOf.size());
  }

  /**
   * The schedule of a step.
   *
   * @param structure the number of the step's operations
   * @param stand how many operations stand for the pieces of each
   */
  PlanProgram program(ShortStep step, int structure, int stand) {
    List<Integer> key = List.of(structure, stand);
    PlanProgram known = programs.get(key);
    if (known == null) {
      known = new PlanProgram(step, stand > 1 ? split() : Set.of(), stand);
      programs.put(key, known);
    }
    return known;
  }

  /** The operations that the program marks as pieces under HOP-B. */
  private Set<String> split() {
    if (split.isEmpty()) {
      split =
          Optional.of(
              deployment
                  .steps(plan.withHopB(), load)
                  .bySizes(request.times(2 * plan.groups()))
                  .kinds()
                  .stream()
                  .flatMap(kind -> kind.trace().operations().stream())
                  .filter(operation -> !operation.piece().isWhole())
                  .map(PiecedStep::key)
                  .collect(Collectors.toSet()));
    }
    return split.get();
  }
}
