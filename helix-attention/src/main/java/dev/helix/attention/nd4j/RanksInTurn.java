package dev.helix.attention.nd4j;

import dev.helix.tensor.Group;
import dev.helix.tensor.mesh.Communicator;
import dev.helix.tensor.mesh.RankFailure;
import dev.helix.tensor.mesh.RankScope;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Runs all ranks in one thread, for a program in which each rank makes one exchange.
 *
 * <p>A rank that reaches its exchange starts the other members of the group from within it, and
 * each of them runs up to its own exchange. The last of them finds all data there, and finishes
 * first. A second exchange would need ranks that wait lower on the stack, and is refused.
 *
 * @param <R> what a rank returns
 */
final class RanksInTurn<R> {
  /** What a rank put into its exchange: one buffer for each member. */
  private record Sent(Group group, String call, List<ByteBuffer> outgoing) {}

  private final int ranks;
  private final Function<Communicator, R> program;
  private final Map<Integer, R> results = new HashMap<>();
  private final Map<Integer, Sent> sent = new HashMap<>();
  private final boolean[] started;

  private RanksInTurn(int ranks, Function<Communicator, R> program) {
    this.ranks = ranks;
    this.program = program;
    this.started = new boolean[ranks];
  }

  /**
   * Runs the program once for each rank.
   *
   * @return the results, in the order of ranks
   * @throws RankFailure if a rank throws, naming it and its operation
   */
  static <R> List<R> run(int ranks, Function<Communicator, R> program) {
    RanksInTurn<R> turn = new RanksInTurn<>(ranks, program);
    List<R> results = new ArrayList<>(ranks);
    for (int rank = 0; rank < ranks; rank++) {
      turn.start(rank);
    }
    for (int rank = 0; rank < ranks; rank++) {
      results.add(turn.results.get(rank));
    }
    return results;
  }

  private void start(int rank) {
    if (started[rank]) {
      return;
    }
    started[rank] = true;
    RankScope scope = RankScope.alone(rank);
    try {
      results.put(rank, program.apply(new End(scope)));
    } catch (RankFailure nested) {
      throw nested;
    } catch (RuntimeException failed) {
      throw new RankFailure(scope, failed);
    }
  }

  private List<ByteBuffer> exchange(int rank, Sent own) {
    int member = own.group().indexOf(rank);
    if (sent.putIfAbsent(rank, own) != null) {
      throw new IllegalStateException(
          "%s is a second exchange; ranks in one thread can make one".formatted(own.call()));
    }
    if (own.outgoing().size() != own.group().size()) {
      throw new IllegalArgumentException(
          "%s: expected a buffer for each of the %d members of %s, got %d"
              .formatted(own.call(), own.group().size(), own.group(), own.outgoing().size()));
    }
    own.group().ranks().forEach(this::start);
    List<ByteBuffer> received = new ArrayList<>(own.group().size());
    for (int peer : own.group().ranks()) {
      Sent theirs = sent.get(peer);
      if (theirs == null
          || !theirs.group().equals(own.group())
          || !theirs.call().equals(own.call())) {
        throw new IllegalStateException(
            "rank %d calls %s on %s, and rank %d %s"
                .formatted(
                    rank,
                    own.call(),
                    own.group(),
                    peer,
                    theirs == null
                        ? "has ended"
                        : "calls " + theirs.call() + " on " + theirs.group()));
      }
      received.add(theirs.outgoing().get(member).slice().asReadOnlyBuffer());
    }
    return received;
  }

  /** One rank's end of the exchange. */
  private final class End implements Communicator {
    private final RankScope scope;

    End(RankScope scope) {
      this.scope = scope;
    }

    @Override
    public int rank() {
      return scope.rank();
    }

    @Override
    public int size() {
      return ranks;
    }

    @Override
    public RankScope scope() {
      return scope;
    }

    @Override
    public List<ByteBuffer> exchange(Group group, String call, List<ByteBuffer> outgoing) {
      return RanksInTurn.this.exchange(rank(), new Sent(group, call, List.copyOf(outgoing)));
    }
  }
}
