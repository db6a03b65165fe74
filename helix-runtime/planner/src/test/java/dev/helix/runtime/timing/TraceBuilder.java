package dev.helix.runtime.timing;

import dev.helix.tensor.Axis;
import dev.helix.tensor.DType;
import dev.helix.tensor.Dim;
import dev.helix.tensor.Group;
import dev.helix.tensor.Spec;
import dev.helix.tensor.program.LaunchKind;
import dev.helix.tensor.program.Place;
import dev.helix.tensor.program.Purpose;
import dev.helix.tensor.program.TransferKind;
import dev.helix.tensor.trace.Launch;
import dev.helix.tensor.trace.Operation;
import dev.helix.tensor.trace.RankKind;
import dev.helix.tensor.trace.RankTrace;
import dev.helix.tensor.trace.Stated;
import dev.helix.tensor.trace.Transfer;
import dev.helix.tensor.trace.Work;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** Traces made by hand. */
public final class TraceBuilder {
  private final List<Operation> operations = new ArrayList<>();
  private Place place = Place.layer(0);

  public TraceBuilder at(Place where) {
    place = where;
    return this;
  }

  /** Adds a launch that reads and writes so many bytes; returns its index. */
  public int launch(LaunchKind kind, Purpose purpose, long bytes, Integer... after) {
    return add(
        new Launch(
            operations.size(),
            kind,
            new Stated(place, purpose),
            new Work(List.of(bytes(bytes)), List.of(bytes(0)), 0, DType.BF16),
            Arrays.asList(after)));
  }

  /** Adds an exchange between the first so many ranks; returns its index. */
  public int transfer(TransferKind kind, Purpose purpose, int ranks, long bytes, Integer... after) {
    return transfer(kind, purpose, IntStream.range(0, ranks).boxed().toList(), bytes, after);
  }

  public int add(Operation operation) {
    operations.add(operation);
    return operation.index();
  }

  public int size() {
    return operations.size();
  }

  /** Adds an exchange between certain ranks; returns its index. */
  public int transfer(
      TransferKind kind, Purpose purpose, List<Integer> ranks, long bytes, Integer... after) {
    Transfer.Contribution brought =
        new Transfer.Contribution(new Group("ranks", ranks), List.of(bytes(bytes)));
    return add(
        new Transfer(
            operations.size(), kind, new Stated(place, purpose), brought, Arrays.asList(after)));
  }

  /** Adds the receiving of what the first of two ranks sends; returns its index. */
  public int receive(Purpose purpose, List<Integer> link) {
    Transfer.Contribution nothing = new Transfer.Contribution(new Group("ranks", link), List.of());
    return add(
        new Transfer(
            operations.size(),
            TransferKind.POINT_TO_POINT,
            new Stated(place, purpose),
            nothing,
            List.of()));
  }

  /** The program of a rank that is alone of its kind. */
  public RankKind on(int rank) {
    return onEach(List.of(rank));
  }

  /** The program of ranks that are alike. */
  public RankKind onEach(List<Integer> ranks) {
    return new RankKind(new RankTrace(ranks.get(0), operations), ranks);
  }

  /** A tensor of so many bytes. */
  public static Spec bytes(long bytes) {
    return Spec.of(DType.FP8, new Dim(Axis.BATCH, 1), new Dim(Axis.HIDDEN, (int) bytes));
  }
}
