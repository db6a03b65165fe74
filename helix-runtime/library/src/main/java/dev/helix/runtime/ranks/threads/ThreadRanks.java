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
   * Runs a program whose outcomes are Java objects and are handed over as they are: for programs
   * that are known to run in this JVM, such as tests.
   *
   * <p>If a rank throws anything at all, or if the ranks' exchanges do not fit together, every rank
   * stops: at once if it waits in an exchange, at its next launch if it computes, by an interrupt
   * if it does neither. No thread is left behind, but for one that has not stopped after half a
   * second: it is a daemon, and named in a suppressed exception.
   *
   * @throws RankFailure if a rank failed, with what it threw as the cause; the first if several did
   * @throws CancellationException if the calling thread is interrupted, which it then still is
   */
  public static <R> List<R> inOneJvm(int ranks, RankProgram<R> program) {
    return inOneJvm(ranks, program, GRACE);
  }

  /** The same with another grace. */
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
   * How long the ranks of a run that is over have to stop.
   *
   * @param byThemselves until they are interrupted
   * @param interrupted from then on, until they are left behind
   */
  record Grace(Duration byThemselves, Duration interrupted) {}

  /** Sees the threads to their end, if that takes an interrupt. Returns as {@link #join} does. */
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
