package dev.helix.runtime.ranks.threads;

import dev.helix.tensor.Group;
import dev.helix.tensor.mesh.RankScope;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;

/**
 * The meeting point of the ranks of one run. It knows the exchanges in progress, which ranks wait
 * in which, and whether the run has failed.
 *
 * <p>One monitor guards all of this, so that the state is always consistent and shows a deadlock at
 * the moment when it arises. Ranks wait parked, outside of the monitor. It is a monitor and not a
 * {@code Lock}, because a stack overflow or a lack of memory inside cannot leave a monitor locked.
 */
final class Rendezvous {
  /**
   * How often a rank yields to others before it parks. With more ranks than cores, yielding is
   * usually enough for the exchange to complete, so that the last rank to arrive need not wake all
   * others. An exchange of 8 threads on 2 cores took 15 µs with 4 yields or with 20, 26 µs with 1,
   * and 53 µs with none. Spinning instead took longer than parking.
   */
  private static final int YIELDS_BEFORE_PARKING = 4;

  /** A group as it was given by the first rank that used its name. */
  private record FirstUse(Group group, int rank) {}

  private final List<RankState> states;
  private final WaitGraph waitGraph;
  private final Map<String, FirstUse> groups = new HashMap<>();
  private final Map<String, Exchange> open = new HashMap<>();
  private final FirstFailure failure = new FirstFailure();
  private int unfinished;

  Rendezvous(int ranks) {
    RankState[] made = new RankState[ranks];
    Arrays.setAll(made, rank -> new RankState(new RankScope(rank, () -> stopIfFailed(rank))));
    states = List.of(made);
    waitGraph = new WaitGraph(states);
    unfinished = ranks;
  }

  int ranks() {
    return states.size();
  }

  RankScope scope(int rank) {
    return states.get(rank).scope();
  }

  /**
   * Makes an exchange for {@code rank}, as {@link dev.helix.tensor.mesh.Communicator#exchange}
   * documents it.
   */
  List<ByteBuffer> exchange(int rank, Group group, String call, List<ByteBuffer> outgoing) {
    int member = group.indexOf(rank);
    if (outgoing.size() != group.size()) {
      throw new IllegalArgumentException(
          "%s on rank %d: expected a buffer for each of the %d members of %s, got %d"
              .formatted(call, rank, group.size(), group, outgoing.size()));
    }
    ByteBuffer[] blocks = new ByteBuffer[outgoing.size()];
    for (int to = 0; to < blocks.length; to++) {
      blocks[to] = outgoing.get(to).slice().asReadOnlyBuffer();
    }
    Exchange exchange = arrive(rank, group, call, member, blocks);
    if (exchange.isComplete()) {
      exchange.wake();
    } else {
      await(rank, exchange);
    }
    return exchange.receivedBy(member);
  }

  /** Puts a member's blocks into the exchange that the group has open, or opens one. */
  private synchronized Exchange arrive(
      int rank, Group group, String call, int member, ByteBuffer[] blocks) {
    stopIfFailed(rank);
    RankState state = states.get(rank);
    if (state.isFinished() || state.waitsIn().isPresent()) {
      throw refusal(rank, "%s called while %s".formatted(call, state));
    }
    agreeOnMembers(rank, group);
    Exchange exchange = open.computeIfAbsent(group.name(), name -> new Exchange(group, call, rank));
    if (!exchange.call().equals(call)) {
      throw differentCalls(rank, call, exchange);
    }
    exchange.arrive(member, blocks);
    if (exchange.isComplete()) {
      open.remove(group.name());
      group.ranks().forEach(other -> states.get(other).waitNoMore());
    } else {
      state.waitIn(exchange);
      if (waitGraph.canNeverComplete(exchange)) {
        failIfDeadlocked();
      }
    }
    return exchange;
  }

  @SuppressWarnings(
      "ThreadPriorityCheck") // This is a faster wait. Nothing but speed depends on it.
  private void await(int rank, Exchange exchange) {
    for (int i = 0; i < YIELDS_BEFORE_PARKING && !exchange.isComplete(); i++) {
      Thread.yield();
    }
    while (!exchange.isComplete()) {
      stopIfFailed(rank);
      if (Thread.currentThread().isInterrupted()) {
        throw refusal(rank, "interrupted while it waited in " + exchange);
      }
      LockSupport.park(exchange);
    }
  }

  private void agreeOnMembers(int rank, Group group) {
    FirstUse use = groups.get(group.name());
    if (use == null) {
      for (int member : group.ranks()) {
        if (member < 0 || member >= ranks()) {
          throw refusal(rank, "group %s, but ranks are in [0, %d)".formatted(group, ranks()));
        }
      }
      groups.put(group.name(), new FirstUse(group, rank));
    } else if (!use.group().equals(group)) {
      throw refusal(
          rank,
          "one name for two groups: rank %d uses %s, and rank %d used %s"
              .formatted(rank, group, use.rank(), use.group()));
    }
  }

  private IllegalStateException differentCalls(int rank, String call, Exchange exchange) {
    String here = "rank " + rank + " calls " + call;
    String there = "rank " + exchange.firstRank() + " calls " + exchange.call();
    boolean hereFirst = rank < exchange.firstRank();
    return refusal(
        Math.min(rank, exchange.firstRank()),
        "different calls on %s: %s, %s"
            .formatted(exchange.group(), hereFirst ? here : there, hereFirst ? there : here));
  }

  /**
   * Fails the run if a rank waits in vain. The failure is that of the lowest such rank, whichever
   * came last.
   */
  private void failIfDeadlocked() {
    for (RankState state : states) {
      if (state.waitsIn().map(waitGraph::canNeverComplete).orElse(false)) {
        fail(state.scope().rank(), new IllegalStateException("deadlock: " + describeAll()));
        return;
      }
    }
  }

  /** Fails the run at {@code rank}, and returns the exception that the caller is to throw. */
  private IllegalStateException refusal(int rank, String message) {
    IllegalStateException error = new IllegalStateException(message);
    fail(rank, error);
    return error;
  }

  /** Records that the program of {@code rank} has returned. */
  synchronized void finish(int rank) {
    states.get(rank).finish();
    unfinished--;
    notifyAll();
    failIfDeadlocked();
  }

  /**
   * Records that the program of {@code rank} has thrown. This allocates nothing, since memory may
   * be short.
   */
  synchronized void fail(int rank, Throwable cause) {
    failure.record(states.get(rank).scope(), cause);
    wakeAll();
  }

  /** Records that the caller gives up. */
  synchronized void cancel() {
    failure.record(new CancellationException("interrupted while " + describeAll()));
    wakeAll();
  }

  private void wakeAll() {
    for (int rank = 0; rank < ranks(); rank++) {
      if (states.get(rank).waitsIn().isPresent()) {
        states.get(rank).waitsIn().get().wake();
      }
    }
    notifyAll();
  }

  private void stopIfFailed(int rank) {
    if (failure.isStopped()) {
      throw new RanksStopped(rank);
    }
  }

  /** Returns when all ranks have finished, or the run has failed. */
  synchronized void awaitEnd() throws InterruptedException {
    while (unfinished > 0 && !failure.isStopped()) {
      wait();
    }
  }

  /** The exception for the caller if the run has failed. */
  Optional<RuntimeException> failure() {
    return failure.toThrow();
  }

  /** Says what the rank is doing, in the words of errors. */
  synchronized String describe(int rank) {
    return states.get(rank).toString();
  }

  private String describeAll() {
    return states.stream().map(RankState::toString).collect(Collectors.joining("; "));
  }
}
