package dev.helix.runtime.timing.schedule;

import dev.helix.runtime.timing.cost.Cost;
import dev.helix.runtime.timing.cost.OperationCosts;
import dev.helix.tensor.Spec;
import dev.helix.tensor.trace.Launch;
import dev.helix.tensor.trace.Operation;
import dev.helix.tensor.trace.Phase;
import dev.helix.tensor.trace.RankTrace;
import dev.helix.tensor.trace.Transfer;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The pieces into which HOP-B splits operations: of attention, exchange and merge those of one name
 * at one place. A program without HOP-B has one piece of each.
 */
final class Pieces {
  private static final Set<Phase> SPLIT =
      EnumSet.of(Phase.ATTENTION, Phase.ALL_TO_ALL, Phase.MERGE);

  private Pieces() {}

  /** The operations of a trace that are pieces of one, in order; whole operations are left out. */
  static List<List<Operation>> of(RankTrace trace) {
    Map<Key, List<Operation>> pieces = new LinkedHashMap<>();
    for (Operation operation : trace.operations()) {
      if (SPLIT.contains(operation.phase())) {
        Key key = new Key(operation.place(), operation.phase(), operation.name());
        pieces.computeIfAbsent(key, k -> new ArrayList<>()).add(operation);
      }
    }
    return pieces.values().stream().filter(list -> list.size() > 1).toList();
  }

  /**
   * What each piece costs so that all together cost what the whole does: latency and busy time in
   * proportion to the pieces' own busy times, as in Fig. 3 of the paper, where each of 8 exchanges
   * takes an eighth of the whole one.
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
    if (first instanceof Transfer transfer) {
      return new Transfer(
          0,
          transfer.name(),
          transfer.place(),
          transfer.phase(),
          transfer.kind(),
          transfer.groupSize(),
          pieces.stream().flatMap(p -> ((Transfer) p).operands().stream()).toList(),
          List.of());
    }
    Launch launch = (Launch) first;
    return new Launch(
        0,
        launch.name(),
        launch.place(),
        launch.phase(),
        all(pieces, true),
        all(pieces, false),
        pieces.stream().mapToLong(p -> ((Launch) p).flops()).reduce(0, Math::addExact),
        launch.arithmetic(),
        List.of());
  }

  private static List<Spec> all(List<Operation> pieces, boolean reads) {
    return pieces.stream()
        .map(Launch.class::cast)
        .flatMap(launch -> (reads ? launch.reads() : launch.writes()).stream())
        .toList();
  }

  private record Key(String place, Phase phase, String name) {}
}
