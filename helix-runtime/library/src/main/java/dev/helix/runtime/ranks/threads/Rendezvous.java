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
 * Where the ranks of one run meet: the exchanges in progress, who waits in which, and whether the
 * run has failed.
 *
 * <p>One monitor guards all of it, so that "who waits for whom" is one consistent picture, and a
 * deadlock can be read off it at the moment when it arises. Ranks wait parked, outside of the
 * monitor. It is a monitor and not a {@code Lock} because a stack overflow or a lack of memory
 * inside cannot leave it locked.
 */
final class Rendezvous {
  /**
   * How often a rank lets others run before it parks. With more ranks than cores that is usually
   * enough for the exchange to complete, and the last to arrive need not wake seven threads: on 2
   * cores an exchange of 8 threads took 15 µs with 4 yields (and with 20), 26 µs with 1, 53 µs
   * without; spinning in place instead took longer than parking.
   */
  private static final int YIELDS_BEFORE_PARKING = 4;

  /** A group as the first rank to use its name knows it. */
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

  /** {@link dev.helix.tensor.mesh.Communicator#exchange} of {@code rank}. */
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

  /** Puts the blocks into the exchange that the group has open, or opens one. */
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

  @SuppressWarnings("ThreadPriorityCheck") // A faster wait, on which nothing but speed depends.
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

  /** Fails the run if a rank waits in vain: at the lowest that does, whichever rank came last. */
  private void failIfDeadlocked() {
    for (RankState state : states) {
      if (state.waitsIn().map(waitGraph::canNeverComplete).orElse(false)) {
        fail(state.scope().rank(), new IllegalStateException("deadlock: " + describeAll()));
        return;
      }
    }
  }

  /** Fails the run at {@code rank}, and returns what the caller is to throw. */
  private IllegalStateException refusal(int rank, String message) {
    IllegalStateException error = new IllegalStateException(message);
    fail(rank, error);
    return error;
  }

  /** The program of {@code rank} has returned. */
  synchronized void finish(int rank) {
    states.get(rank).finish();
    unfinished--;
    notifyAll();
    failIfDeadlocked();
  }

  /** The program of {@code rank} has thrown. Allocates nothing, since it may lack memory. */
  synchronized void fail(int rank, Throwable cause) {
    failure.record(states.get(rank).scope(), cause);
    wakeAll();
  }

  /** The caller gives up. */
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

  /** What the caller is to be told if the run has failed. */
  Optional<RuntimeException> failure() {
    return failure.toThrow();
  }

  /** What the rank is doing. */
  synchronized String describe(int rank) {
    return states.get(rank).toString();
  }

  private String describeAll() {
    return states.stream().map(RankState::toString).collect(Collectors.joining("; "));
  }
}
