package dev.helix.attention.helix;

import dev.helix.tensor.Group;
import dev.helix.tensor.mesh.Communicator;
import dev.helix.tensor.mesh.RankScope;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** Ranks as threads that meet at every exchange: a transport for the tests of this module. */
final class LocalRanks {
  /** Ranks that go on have ended long before, on a busy machine too. */
  private static final long MINUTES_OF_A_HANG = 20;

  private final Map<Group, Meeting> meetings = new ConcurrentHashMap<>();
  private final int size;

  private LocalRanks(int size) {
    this.size = size;
  }

  /** What each rank returns, in their order; fails as soon as one fails, or if they hang. */
  static <R> List<R> run(int size, Function<Communicator, R> program) {
    LocalRanks ranks = new LocalRanks(size);
    ExecutorService threads = Executors.newFixedThreadPool(size);
    CompletionService<R> ended = new ExecutorCompletionService<>(threads);
    try {
      List<Future<R>> futures = new ArrayList<>();
      for (int rank = 0; rank < size; rank++) {
        Communicator own = ranks.end(rank);
        futures.add(ended.submit(() -> program.apply(own)));
      }
      for (int left = size; left > 0; left--) {
        Future<R> next = ended.poll(MINUTES_OF_A_HANG, TimeUnit.MINUTES);
        if (next == null) {
          throw new AssertionError("the ranks hang");
        }
        next.get();
      }
      List<R> results = new ArrayList<>();
      for (Future<R> future : futures) {
        results.add(future.get());
      }
      return results;
    } catch (InterruptedException | ExecutionException e) {
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
        barrier.await();
      } catch (InterruptedException | BrokenBarrierException e) {
        throw new IllegalStateException("another rank did not come", e);
      }
    }
  }
}
