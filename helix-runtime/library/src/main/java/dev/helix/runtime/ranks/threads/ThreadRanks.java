package dev.helix.runtime.ranks.threads;

import dev.helix.runtime.ranks.OutcomeBytes;
import dev.helix.runtime.ranks.OutcomeCodec;
import dev.helix.runtime.ranks.RankProgram;
import dev.helix.runtime.ranks.RankTransport;
import dev.helix.tensor.mesh.RankFailure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;

/**
 * Runs one program on N ranks, each a thread of this JVM. Runs are independent of each other and
 * may overlap.
 *
 * <pre>{@code
 * List<String> greetings =
 *     ThreadRanks.inOneJvm(2, communicator -> "rank " + communicator.rank() + " was here");
 * }</pre>
 */
public final class ThreadRanks implements RankTransport {
  private static final Grace GRACE = new Grace(Duration.ofMillis(250), Duration.ofMillis(250));

  @Override
  public <R> List<R> run(int ranks, RankProgram<R> program, OutcomeCodec<R> codec) {
    List<OutcomeBytes> written =
        inOneJvm(ranks, communicator -> codec.encode(program.run(communicator)));
    return written.stream().map(codec::decode).toList();
  }

  /**
   * Runs a program whose outcomes are Java objects, which are handed over as they are. This is for
   * programs that are known to run in this JVM, such as tests.
   *
   * <p>If a rank throws anything at all, or if the ranks' exchanges do not fit together, every rank
   * stops. A rank that waits in an exchange stops at once, one that computes stops at its next
   * launch, and any other is interrupted. No thread remains, except one that has not stopped after
   * half a second. It is a daemon, and a suppressed exception names it.
   *
   * @throws RankFailure if a rank failed, with what it threw as the cause; the first if several did
   * @throws CancellationException if the calling thread is interrupted, which it then still is
   */
  public static <R> List<R> inOneJvm(int ranks, RankProgram<R> program) {
    return inOneJvm(ranks, program, GRACE);
  }

  /** Runs a program in the same way with other waiting times. */
  static <R> List<R> inOneJvm(int ranks, RankProgram<R> program, Grace grace) {
    if (ranks < 1) {
      throw new IllegalArgumentException("expected at least 1 rank, got " + ranks);
    }
    Rendezvous rendezvous = new Rendezvous(ranks);
    List<RankThread<R>> threads = new ArrayList<>();
    for (int rank = 0; rank < ranks; rank++) {
      threads.add(new RankThread<>(rendezvous, rank, program));
    }
    threads.forEach(RankThread::startOrFail);
    boolean interrupted = false;
    try {
      rendezvous.awaitEnd();
    } catch (InterruptedException e) {
      interrupted = true;
      rendezvous.cancel();
    }
    interrupted |= end(threads, grace);
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    Optional<RuntimeException> failure = rendezvous.failure();
    if (failure.isPresent()) {
      throw withThoseLeftBehind(failure.get(), rendezvous, threads);
    }
    List<R> results = new ArrayList<>();
    threads.forEach(thread -> results.add(thread.result()));
    return Collections.unmodifiableList(results);
  }

  /**
   * How long the ranks have to stop when a run is over.
   *
   * @param byThemselves the time until they are interrupted
   * @param interrupted the time from then on until they are left behind
   */
  record Grace(Duration byThemselves, Duration interrupted) {}

  /**
   * Waits for the end of the threads, and interrupts them if it takes too long.
   *
   * @return whether the calling thread was interrupted
   */
  private static boolean end(List<? extends Thread> threads, Grace grace) {
    boolean interrupted = join(threads, grace.byThemselves());
    threads.forEach(Thread::interrupt);
    boolean interruptedAgain = join(threads, grace.interrupted());
    return interrupted || interruptedAgain;
  }

  /**
   * Waits until the threads have ended, or the grace is over.
   *
   * @return whether the calling thread was interrupted; it waits all the same
   */
  private static boolean join(List<? extends Thread> threads, Duration grace) {
    boolean interrupted = false;
    long deadline = System.nanoTime() + grace.toNanos();
    for (Thread thread : threads) {
      while (thread.isAlive() && deadline - System.nanoTime() > 0) {
        try {
          TimeUnit.NANOSECONDS.timedJoin(thread, deadline - System.nanoTime());
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    }
    return interrupted;
  }

  private static RuntimeException withThoseLeftBehind(
      RuntimeException failure, Rendezvous rendezvous, List<? extends RankThread<?>> threads) {
    for (RankThread<?> thread : threads) {
      if (thread.isAlive()) {
        failure.addSuppressed(
            new IllegalStateException(
                "left behind: %s, on thread %s"
                    .formatted(rendezvous.describe(thread.rank()), thread.getName())));
      }
    }
    return failure;
  }
}
