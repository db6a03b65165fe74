package dev.helix.attention.helix;

import dev.helix.tensor.Group;
import dev.helix.tensor.mesh.Communicator;
import dev.helix.tensor.mesh.RankScope;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/** Ranks as threads that meet at every exchange: a transport for the tests of this module. */
final class LocalRanks {
  private final Map<Group, Meeting> meetings = new ConcurrentHashMap<>();
  private final int size;

  private LocalRanks(int size) {
    this.size = size;
  }

  /** What each rank returns, in their order; fails if one fails or none goes on for a minute. */
  static <R> List<R> run(int size, Function<Communicator, R> program) {
    LocalRanks ranks = new LocalRanks(size);
    ExecutorService threads = Executors.newFixedThreadPool(size);
    try {
      List<Future<R>> futures = new ArrayList<>();
      for (int rank = 0; rank < size; rank++) {
        Communicator own = ranks.end(rank);
        Callable<R> call = () -> program.apply(own);
        futures.add(threads.submit(call));
      }
      List<R> results = new ArrayList<>();
      for (Future<R> future : futures) {
        results.add(future.get(1, TimeUnit.MINUTES));
      }
      return results;
    } catch (InterruptedException | ExecutionException | TimeoutException e) {
      throw new AssertionError("the ranks stopped", e);
    } finally {
      threads.shutdownNow();
    }
  }

  private Communicator end(int rank) {
    RankScope scope = RankScope.alone(rank);
    return new Communicator() {
      @Override
      public int rank() {
        return rank;
      }

      @Override
      public int size() {
        return size;
      }

      @Override
      public RankScope scope() {
        return scope;
      }

      @Override
      public List<ByteBuffer> exchange(Group group, String call, List<ByteBuffer> outgoing) {
        Meeting meeting = meetings.computeIfAbsent(group, g -> new Meeting(g.size()));
        return meeting.exchange(group.indexOf(rank), call, outgoing);
      }
    };
  }

  private static final class Meeting {
    private final CyclicBarrier barrier;
    private final List<String> calls;
    private final List<List<ByteBuffer>> given;

    Meeting(int members) {
      this.barrier = new CyclicBarrier(members);
      this.calls = new ArrayList<>(java.util.Collections.nCopies(members, ""));
      this.given = new ArrayList<>(java.util.Collections.nCopies(members, List.of()));
    }

    List<ByteBuffer> exchange(int own, String call, List<ByteBuffer> outgoing) {
      synchronized (this) {
        calls.set(own, call);
        given.set(own, outgoing);
      }
      meet();
      List<ByteBuffer> received = new ArrayList<>();
      synchronized (this) {
        for (int member = 0; member < given.size(); member++) {
          if (!calls.get(member).equals(call)) {
            throw new IllegalStateException(
                "members differ: \"%s\" and \"%s\"".formatted(call, calls.get(member)));
          }
          received.add(given.get(member).get(own).asReadOnlyBuffer());
        }
      }
      meet();
      return received;
    }

    private void meet() {
      try {
        barrier.await(30, TimeUnit.SECONDS);
      } catch (InterruptedException
          | java.util.concurrent.BrokenBarrierException
          | TimeoutException e) {
        throw new IllegalStateException("another rank did not come", e);
      }
    }
  }
}
