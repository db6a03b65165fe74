package dev.helix.tensor.trace;

import dev.helix.tensor.DType;
import dev.helix.tensor.OperandChecks;
import dev.helix.tensor.Spec;
import dev.helix.tensor.mesh.Group;
import dev.helix.tensor.mesh.RankScope;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What all tracing kernels of one rank share: the list of operations that they write, where the
 * rank's program stands, and the checks of operands.
 */
public final class TraceRank implements OperandChecks {
  private final RankScope scope;
  private final List<Operation> operations = new ArrayList<>();
  private final Map<String, Map<DType, Long>> constantElements = new LinkedHashMap<>();

  public TraceRank(RankScope scope) {
    this.scope = scope;
  }

  @Override
  public int rank() {
    return scope.rank();
  }

  /** What the rank has launched and sent so far, in order. */
  public RankTrace trace() {
    return new RankTrace(rank(), operations);
  }

  /**
   * Elements of the weights put on this rank so far, by the part of the program that they were put
   * there for and by precision.
   */
  public Map<String, Map<DType, Long>> constantElements() {
    return Collections.unmodifiableMap(constantElements);
  }

  /** A weight: there before the step. */
  public TraceTensor constant(Spec spec) {
    constantElements
        .computeIfAbsent(scope.layer(), place -> new EnumMap<>(DType.class))
        .merge(spec.dtype(), spec.elements(), Math::addExact);
    return TraceTensor.before(spec, rank());
  }

  /** Memory that the step may write in place: there before it. */
  public TraceTensor page(Spec spec) {
    return TraceTensor.before(spec, rank());
  }

  /** Begins a launch; its operands must belong to this rank. */
  public PendingLaunch launch(String name, TraceTensor... operands) {
    scope.launch(name);
    requireOwn(name, operands);
    return new PendingLaunch(this, name, List.of(operands));
  }

  /** Adds a launch and returns its index. */
  int add(
      String name,
      List<TraceTensor> operands,
      List<Spec> reads,
      List<Spec> writes,
      long flops,
      DType arithmetic) {
    int index = operations.size();
    operations.add(
        new Launch(
            index,
            name,
            scope.layer(),
            phase(name, operands),
            reads,
            writes,
            flops,
            arithmetic,
            writers(operands)));
    return index;
  }

  /** Adds a transfer and returns its index. */
  int add(String name, Transfer.Kind kind, Group group, List<TraceTensor> operands) {
    scope.launch(name);
    int index = operations.size();
    List<Spec> specs = operands.stream().map(TraceTensor::spec).toList();
    operations.add(
        new Transfer(
            index,
            name,
            scope.layer(),
            phase(name, operands),
            kind,
            group.size(),
            specs,
            writers(operands)));
    return index;
  }

  private Phase phase(String name, List<TraceTensor> operands) {
    List<Spec> specs = new ArrayList<>(operands.size());
    List<Phase> origins = new ArrayList<>(operands.size());
    for (TraceTensor operand : operands) {
      specs.add(operand.spec());
      operand.writers().forEach(writer -> origins.add(operations.get(writer).phase()));
    }
    return PhaseRule.phase(name, scope.layer(), specs, origins);
  }

  private static List<Integer> writers(List<TraceTensor> operands) {
    List<Integer> writers = new ArrayList<>(operands.size());
    for (TraceTensor operand : operands) {
      writers.addAll(operand.writers());
    }
    return writers;
  }
}
