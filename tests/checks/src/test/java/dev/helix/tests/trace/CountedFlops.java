package dev.helix.tests.trace;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.helix.runtime.decode.DecodeListener;
import dev.helix.runtime.decode.DecodePlan;
import dev.helix.runtime.decode.DecodeResult;
import dev.helix.runtime.decode.DecodeRun;
import dev.helix.runtime.loading.DeployedPrecision;
import dev.helix.runtime.ranks.threads.ThreadRanks;
import dev.helix.runtime.reading.CountingReading;
import dev.helix.runtime.strategy.helix.HelixStrategy;
import dev.helix.runtime.trace.StepTrace;
import dev.helix.runtime.trace.StepTracer;
import dev.helix.tensor.Dim;
import dev.helix.tensor.Spec;
import dev.helix.tensor.program.TransferKind;
import dev.helix.tensor.scalar.OperationCounts;
import dev.helix.tensor.trace.Launch;
import dev.helix.tensor.trace.Operation;
import dev.helix.tensor.trace.Transfer;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Holds the FLOPs that a trace declares against those that a counting run of the plan counts. */
public final class CountedFlops {
  private CountedFlops() {}

  /** Operation by operation, on every rank, over all steps of the run. */
  public static void areDeclared(DecodePlan plan) {
    CountingReading counting = new CountingReading();
    DecodeResult result =
        new DecodeRun(new ThreadRanks()).decode(plan, counting, new DecodeListener() {});
    List<StepTrace> steps = StepTracer.ofRun(plan, result, DeployedPrecision.FP4);
    for (int rank = 0; rank < plan.strategy().ranks(); rank++) {
      SortedMap<String, Long> counted = new TreeMap<>();
      for (Map.Entry<String, OperationCounts> entry : counting.counts(rank).entrySet()) {
        if (entry.getValue().flops() > 0) {
          counted.put(entry.getKey(), entry.getValue().flops());
        }
      }
      SortedMap<String, Long> declared = new TreeMap<>();
      for (StepTrace step : steps) {
        for (Operation operation : step.of(rank).operations()) {
          declared.merge(counter(operation), flops(operation), Math::addExact);
        }
      }
      declared.values().removeIf(flops -> flops == 0);
      assertEquals(
          counted,
          declared,
          "FLOPs of rank " + rank + " of " + HelixStrategy.of(plan.strategy()).layout());
    }
  }

  /** A sum that goes on is summed by the same collective. */
  private static String counter(Operation operation) {
    return operation.name().equals("partialAllReduce") ? "allReduce" : operation.name();
  }

  /**
   * Of a collective what this member adds: all ranks' terms of its share of the elements, or of all
   * elements where the group divides no axis.
   */
  private static long flops(Operation operation) {
    if (operation instanceof Launch launch) {
      return launch.flops();
    }
    Transfer transfer = (Transfer) operation;
    if (transfer.kind() != TransferKind.ALL_REDUCE
        && transfer.kind() != TransferKind.PARTIAL_ALL_REDUCE) {
      return 0;
    }
    Spec spec = transfer.operands().get(0);
    int group = transfer.group().size();
    boolean split = spec.dims().stream().mapToInt(Dim::size).anyMatch(size -> size % group == 0);
    return (group - 1) * spec.elements() / (split ? group : 1);
  }
}
