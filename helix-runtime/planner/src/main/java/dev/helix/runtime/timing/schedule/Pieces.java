package dev.helix.runtime.timing.schedule;

import dev.helix.runtime.timing.cost.Cost;
import dev.helix.runtime.timing.cost.OperationCosts;
import dev.helix.tensor.Spec;
import dev.helix.tensor.program.Phase;
import dev.helix.tensor.program.Piece;
import dev.helix.tensor.program.Place;
import dev.helix.tensor.trace.Launch;
import dev.helix.tensor.trace.Operation;
import dev.helix.tensor.trace.RankTrace;
import dev.helix.tensor.trace.Stated;
import dev.helix.tensor.trace.Transfer;
import dev.helix.tensor.trace.Work;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds the pieces into which HOP-B splits operations, as the program has marked them. Operations
 * that are not marked are whole, however many of one kind there are in a layer.
 */
final class Pieces {
  private Pieces() {}

  /**
   * The split operations of a trace, each as the list of its pieces in order; whole operations are
   * left out.
   *
   * @throws IllegalArgumentException if pieces of an operation are missing or out of order
   */
  static List<List<Operation>> of(RankTrace trace) {
    Map<Key, List<Operation>> open = new HashMap<>();
    List<List<Operation>> complete = new ArrayList<>();
    for (Operation operation : trace.operations()) {
      Piece piece = operation.piece();
      if (piece.isWhole()) {
        continue;
      }
      Key key = Key.of(operation);
      List<Operation> pieces = open.computeIfAbsent(key, first -> new ArrayList<>());
      if (piece.index() != pieces.size()) {
        throw incomplete(trace, operation, pieces.size());
      }
      pieces.add(operation);
      if (pieces.size() == piece.count()) {
        complete.add(open.remove(key));
      }
    }
    for (List<Operation> pieces : open.values()) {
      throw incomplete(trace, pieces.get(pieces.size() - 1), pieces.size());
    }
    return complete;
  }

  /**
   * The cost of each piece, such that all together cost what the whole operation does. Latency and
   * busy time are in proportion to the pieces' own busy times, as in Fig. 3 of the paper, where
   * each of 8 exchanges takes an eighth of the whole one.
   */
  static List<Cost> shareOfWhole(List<Operation> pieces, OperationCosts costs) {
    Cost whole = costs.of(whole(pieces));
    List<Cost> own = pieces.stream().map(costs::of).toList();
    double ownBusy = own.stream().mapToDouble(Cost::busyMicros).sum();
    List<Cost> shares = new ArrayList<>();
    for (Cost piece : own) {
      double part = ownBusy > 0 ? piece.busyMicros() / ownBusy : 1.0 / own.size();
      shares.add(new Cost(whole.latencyMicros() * part, whole.busyMicros() * part, piece.bytes()));
    }
    return shares;
  }

  private static Operation whole(List<Operation> pieces) {
    Operation first = pieces.get(0);
    Stated stated = new Stated(first.place(), first.phase());
    if (first instanceof Transfer transfer) {
      List<Spec> operands =
          pieces.stream().flatMap(p -> ((Transfer) p).operands().stream()).toList();
      Transfer.Contribution brought = transfer.contribution().with(operands);
      return new Transfer(0, transfer.kind(), stated, brought, List.of());
    }
    Launch launch = (Launch) first;
    Work work =
        new Work(
            all(pieces, true),
            all(pieces, false),
            pieces.stream().mapToLong(p -> ((Launch) p).flops()).reduce(0, Math::addExact),
            launch.arithmetic());
    return new Launch(0, launch.kind(), stated, work, List.of());
  }

  private static List<Spec> all(List<Operation> pieces, boolean reads) {
    return pieces.stream()
        .map(Launch.class::cast)
        .flatMap(launch -> (reads ? launch.reads() : launch.writes()).stream())
        .toList();
  }

  private static IllegalArgumentException incomplete(
      RankTrace trace, Operation operation, int expected) {
    return new IllegalArgumentException(
        "rank %d, %s, %s (operation %d): expected piece %d of %d next, got %s"
            .formatted(
                trace.rank(),
                operation.place(),
                operation.name(),
                operation.index(),
                expected,
                operation.piece().count(),
                operation.piece()));
  }

  /** What all pieces of one operation have in common. */
  private record Key(Place place, Phase phase, String name, int count) {
    static Key of(Operation operation) {
      return new Key(
          operation.place(), operation.phase(), operation.name(), operation.piece().count());
    }
  }
}
