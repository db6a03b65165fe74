package dev.helix.runtime.timing.report;

import dev.helix.runtime.record.Quantity;
import dev.helix.runtime.record.TapPoint;
import dev.helix.runtime.timing.cost.Cost;
import dev.helix.runtime.timing.cost.CostModel;
import dev.helix.runtime.timing.machine.Machine;
import dev.helix.runtime.timing.schedule.JointOperations;
import dev.helix.runtime.trace.StepTrace;
import dev.helix.tensor.program.LaunchKind;
import dev.helix.tensor.program.Phase;
import dev.helix.tensor.program.Place;
import dev.helix.tensor.program.TensorLaunch;
import dev.helix.tensor.trace.Launch;
import dev.helix.tensor.trace.Operation;
import dev.helix.tensor.trace.RankKind;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The cost of each quantity that verification compares. It is that of the operations that lead from
 * the quantity before to this one, added over steps, for one rank. Each operation counts on the
 * rank on which it takes longest. Times are those of the operations one after the other.
 *
 * @param byPlace the costs by tap point, in the order of the program
 */
public record QuantityCosts(Map<TapPoint, Sum> byPlace) {
  /**
   * The costs of several operations, added up.
   *
   * @param launches number of launches and transfers
   * @param bytes bytes through HBM and on the wire
   */
  public record Sum(long launches, long flops, long bytes, double micros) {
    private static final Sum NONE = new Sum(0, 0, 0, 0);

    Sum and(Sum other) {
      return new Sum(
          launches + other.launches,
          Math.addExact(flops, other.flops),
          Math.addExact(bytes, other.bytes),
          micros + other.micros);
    }
  }

  /** The costs of all steps. */
  public static QuantityCosts of(List<StepTrace> steps, Machine machine) {
    CostModel costs = CostModel.inStep(machine);
    Map<TapPoint, Sum> sums = new LinkedHashMap<>();
    steps.forEach(step -> add(step, costs, sums));
    return new QuantityCosts(sums);
  }

  /** The costs at a tap point; zeros if no operation leads there. */
  public Sum at(TapPoint place) {
    return byPlace.getOrDefault(place, Sum.NONE);
  }

  /** The costs by quantity, with all layers added up. */
  public Map<Quantity, Sum> byQuantity() {
    Map<Quantity, Sum> sums = new LinkedHashMap<>();
    byPlace.forEach((place, sum) -> sums.merge(place.quantity(), sum, Sum::and));
    return sums;
  }

  private static void add(StepTrace step, CostModel costs, Map<TapPoint, Sum> sums) {
    TapPoint at = new TapPoint(TapPoint.OUTSIDE, Quantity.EMBEDDING);
    List<RankKind> kinds = step.kinds().stream().map(StepTrace.Kind::ranks).toList();
    for (var alike : JointOperations.of(kinds).all()) {
      List<Operation> operations =
          alike.stream().map(one -> kinds.get(one.kind()).operations().get(one.index())).toList();
      at = next(at, operations.get(0));
      Sum slowest = Sum.NONE;
      for (Operation operation : operations) {
        Sum own = sum(operation, costs);
        slowest = own.micros() >= slowest.micros() ? own : slowest;
      }
      sums.merge(at, slowest, Sum::and);
    }
  }

  private static Sum sum(Operation operation, CostModel costs) {
    Cost cost = costs.of(operation);
    long flops = operation instanceof Launch launch ? launch.flops() : 0;
    return new Sum(1, flops, cost.bytes(), cost.micros());
  }

  /** The quantity to which an operation leads that follows one that led to {@code before}. */
  private static TapPoint next(TapPoint before, Operation operation) {
    if (!(operation.place() instanceof Place.Layer at)) {
      boolean head = operation.place() == Place.Outside.HEAD;
      return new TapPoint(TapPoint.OUTSIDE, head ? Quantity.LOGITS : Quantity.EMBEDDING);
    }
    int layer = at.index();
    Quantity reached = before.layer() == layer ? before.quantity() : Quantity.ATTENTION_OUTPUT;
    if (is(operation, TensorLaunch.ADD) && operation.phase() == Phase.NORM) {
      boolean attended = reached == Quantity.ATTENTION_OUTPUT;
      return new TapPoint(layer, attended ? Quantity.MIDDLE : Quantity.HIDDEN);
    }
    if (reached == Quantity.ATTENTION_OUTPUT) {
      return new TapPoint(layer, reached);
    }
    boolean routes =
        operation.phase() == Phase.DISPATCH && !is(operation, TensorLaunch.SELECT_ROWS);
    return new TapPoint(layer, routes ? Quantity.ROUTING : Quantity.FFN_OUTPUT);
  }

  private static boolean is(Operation operation, LaunchKind kind) {
    return operation instanceof Launch launch && launch.kind() == kind;
  }
}
