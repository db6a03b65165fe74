package dev.helix.tensor.trace;

import dev.helix.tensor.OperandChecks;
import dev.helix.tensor.Spec;
import dev.helix.tensor.mesh.RankScope;
import dev.helix.tensor.program.LaunchKind;
import dev.helix.tensor.program.PhasedLaunch;
import dev.helix.tensor.program.Piece;
import dev.helix.tensor.program.Place;
import dev.helix.tensor.program.Purpose;
import dev.helix.tensor.program.TransferKind;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The parts that all tracing kernels of one rank share: the list of operations that they write, the
 * place in the program that the rank has reached, and the checks of operands.
 */
public final class TraceRank implements OperandChecks {
  private final RankScope scope;
  private final List<Operation> operations = new ArrayList<>();
  private final List<List<Spec>> results = new ArrayList<>();
  private final Map<Place, Map<Spec, Integer>> constants = new LinkedHashMap<>();

  public TraceRank(RankScope scope) {
    this.scope = scope;
  }

  @Override
  public int rank() {
    return scope.rank();
  }

  /** The trace of what the rank has launched and sent so far. */
  public RankTrace trace() {
    return new RankTrace(rank(), operations);
  }

  /** Forgets what the rank has launched and sent, before another step with the same weights. */
  public void startStep() {
    operations.clear();
    results.clear();
  }

  /**
   * The tensors that each operation of the trace has made, which need memory of their own. What an
   * operation writes in place is not among them.
   */
  public List<List<Spec>> results() {
    return results.stream().map(List::copyOf).toList();
  }

  /**
   * The weights put on this rank so far: how many there are of each spec, by the part of the
   * program that they are for.
   */
  public Map<Place, Map<Spec, Integer>> constants() {
    return Collections.unmodifiableMap(constants);
  }

  /** Creates a weight, which exists before the step. */
  public TraceTensor constant(Spec spec) {
    constants
        .computeIfAbsent(scope.place(), place -> new LinkedHashMap<>())
        .merge(spec, 1, Math::addExact);
    return TraceTensor.before(spec, rank());
  }

  /** Creates memory that exists before the step and that the step may write in place. */
  public TraceTensor page(Spec spec) {
    return TraceTensor.before(spec, rank());
  }

  /**
   * Begins an unsplit launch that belongs to a fixed phase. Its operands must belong to this rank.
   */
  public PendingLaunch launch(PhasedLaunch kind, TraceTensor... operands) {
    return launch(kind, kind.phase(), operands);
  }

  /**
   * Begins one piece of a launch that belongs to a fixed phase. Its operands must belong to this
   * rank.
   */
  public PendingLaunch launch(PhasedLaunch kind, Piece piece, TraceTensor... operands) {
    return launch(kind, kind.phase().of(piece), operands);
  }

  /** Begins a launch. Its operands must belong to this rank. */
  public PendingLaunch launch(LaunchKind kind, Purpose purpose, TraceTensor... operands) {
    scope.launch(kind.operation());
    requireOwn(kind.operation(), operands);
    return new PendingLaunch(this, kind, purpose, List.of(operands));
  }

  /** Adds a launch and returns its index. */
  int add(LaunchKind kind, Purpose purpose, Work work, List<TraceTensor> operands) {
    int index = operations.size();
    Stated stated = new Stated(scope.place(), purpose);
    operations.add(new Launch(index, kind, stated, work, writers(operands)));
    results.add(new ArrayList<>());
    return index;
  }

  /**
   * Adds a transfer and returns its index.
   *
   * @param brought what this rank has to do with it
   * @param operands the tensors whose specs it brings
   */
  int add(
      TransferKind kind,
      Purpose purpose,
      Transfer.Contribution brought,
      List<TraceTensor> operands) {
    scope.launch(kind.operation());
    int index = operations.size();
    Stated stated = new Stated(scope.place(), purpose);
    operations.add(new Transfer(index, kind, stated, brought, writers(operands)));
    results.add(new ArrayList<>());
    return index;
  }

  /** Creates a tensor that an operation of this rank makes. */
  TraceTensor result(int operation, Spec spec) {
    results.get(operation).add(spec);
    return TraceTensor.writtenBy(operation, spec, rank());
  }

  private static List<Integer> writers(List<TraceTensor> operands) {
    List<Integer> writers = new ArrayList<>(operands.size());
    for (TraceTensor operand : operands) {
      writers.addAll(operand.writers());
    }
    return writers;
  }
}
