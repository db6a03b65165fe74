package dev.helix.runtime.timing;

import dev.helix.tensor.Axis;
import dev.helix.tensor.DType;
import dev.helix.tensor.Dim;
import dev.helix.tensor.Spec;
import dev.helix.tensor.trace.Launch;
import dev.helix.tensor.trace.Operation;
import dev.helix.tensor.trace.Phase;
import dev.helix.tensor.trace.RankTrace;
import dev.helix.tensor.trace.Transfer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Traces made by hand. */
public final class TraceBuilder {
  private final List<Operation> operations = new ArrayList<>();
  private String place = "layer 0";

  public TraceBuilder at(String where) {
    place = where;
    return this;
  }

  /** Adds a launch that reads and writes so many bytes; returns its index. */
  public int launch(String name, Phase phase, long bytes, Integer... after) {
    return add(
        new Launch(
            operations.size(),
            name,
            place,
            phase,
            List.of(bytes(bytes)),
            List.of(bytes(0)),
            0,
            DType.BF16,
            Arrays.asList(after)));
  }

  public int transfer(
      String name, Phase phase, Transfer.Kind kind, int group, long bytes, Integer... after) {
    return add(
        new Transfer(
            operations.size(),
            name,
            place,
            phase,
            kind,
            group,
            List.of(bytes(bytes)),
            Arrays.asList(after)));
  }

  public int add(Operation operation) {
    operations.add(operation);
    return operation.index();
  }

  public int size() {
    return operations.size();
  }

  public RankTrace build() {
    return new RankTrace(0, operations);
  }

  /** A tensor of so many bytes. */
  public static Spec bytes(long bytes) {
    return Spec.of(DType.FP8, new Dim(Axis.BATCH, 1), new Dim(Axis.HIDDEN, (int) bytes));
  }
}
