package dev.helix.runtime.ranks.threads;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.helix.runtime.ranks.RankProgram;
import dev.helix.tensor.mesh.RankFailure;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** A run that failed: its error, and the threads that are left of it. */
record StoppedRun(RankFailure failure, List<Thread> left) {
  /**
   * A deadline for a test that would otherwise not end. One test takes 3 s of processor time, which
   * is more than two minutes on a machine with one busy core.
   */
  static final int MINUTES_OF_A_HANG = 20;

  /** Longer than any test may take. */
  static final Duration FOR_EVER = Duration.ofDays(1);

  /** No rank is interrupted, however long it takes to stop. */
  static final ThreadRanks.Grace NO_INTERRUPT = new ThreadRanks.Grace(FOR_EVER, FOR_EVER);

  /**
   * Runs a program that is to fail, and whose ranks are to stop by themselves: nothing but the
   * failure ends them. So the run ends if and only if every rank is told of the failure where it
   * is, and one that is not told hangs.
   */
  static StoppedRun of(int ranks, RankProgram<?> program) {
    return of(ranks, program, NO_INTERRUPT);
  }

  /** Runs a program that is to fail. */
  static StoppedRun of(int ranks, RankProgram<?> program, ThreadRanks.Grace grace) {
    Queue<Thread> threads = new ConcurrentLinkedQueue<>();
    RankFailure failure =
        assertThrows(
            RankFailure.class,
            () ->
                ThreadRanks.inOneJvm(
                    ranks,
                    communicator -> {
                      threads.add(Thread.currentThread());
                      return program.run(communicator);
                    },
                    grace));
    return new StoppedRun(failure, threads.stream().filter(Thread::isAlive).toList());
  }

  /** Checks the message, and that no thread is left. */
  void assertClean(String message) {
    assertEquals(message, failure.getMessage());
    assertEquals(List.of(), left);
    assertEquals(0, failure.getSuppressed().length);
  }
}
