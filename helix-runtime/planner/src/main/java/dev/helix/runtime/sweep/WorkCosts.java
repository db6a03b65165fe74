package dev.helix.runtime.sweep;

import dev.helix.runtime.timing.cost.Cost;
import dev.helix.runtime.timing.cost.OperationCosts;
import dev.helix.tensor.program.CostFamily;
import dev.helix.tensor.trace.Launch;
import dev.helix.tensor.trace.Operation;
import dev.helix.tensor.trace.Transfer;
import java.util.List;

/** The costs of the works of a step, each of which several operations may do. */
final class WorkCosts {
  private final List<Operation> works;
  private final double[] latencyMicros;
  private final double[] busyMicros;

  private WorkCosts(List<Operation> works) {
    this.works = works;
    this.latencyMicros = new double[works.size()];
    this.busyMicros = new double[works.size()];
  }

  /**
   * The costs of some works.
   *
   * @param works an operation for each work
   */
  static WorkCosts of(List<Operation> works, OperationCosts model) {
    WorkCosts costs = new WorkCosts(works);
    for (int work = 0; work < works.size(); work++) {
      Cost cost = model.of(works.get(work));
      costs.latencyMicros[work] = cost.latencyMicros();
      costs.busyMicros[work] = cost.busyMicros();
    }
    return costs;
  }

  /** The costs with other overheads. */
  WorkCosts adjusted(Adjustment adjustment) {
    if (adjustment.equals(Adjustment.NONE)) {
      return this;
    }
    WorkCosts adjusted = new WorkCosts(works);
    for (int work = 0; work < works.size(); work++) {
      adjusted.latencyMicros[work] = latencyMicros[work];
      adjusted.busyMicros[work] = busyMicros[work];
      if (works.get(work) instanceof Transfer transfer) {
        double more = transfer.group().size() > 1 ? adjustment.exchangeMicros() : 0;
        adjusted.latencyMicros[work] = Math.max(0, latencyMicros[work] + more);
      } else {
        CostFamily family = ((Launch) works.get(work)).kind().family();
        boolean matrix = family == CostFamily.GEMM || family == CostFamily.EXPERTS;
        adjusted.busyMicros[work] = busyMicros[work] + (matrix ? adjustment.launchMicros() : 0);
      }
    }
    return adjusted;
  }

  /** Time at the start of a transfer that does not occupy the link. */
  double latencyMicros(int work) {
    return latencyMicros[work];
  }

  /** Time for which the work occupies its stream. */
  double busyMicros(int work) {
    return busyMicros[work];
  }
}
