package dev.helix.runtime.ranks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.helix.tensor.mesh.RankFailure;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** A run that failed: its error, how long after it began, and the threads that are left of it. */
record StoppedRun(RankFailure failure, long tookMillis, List<Thread> left) {
  /** Runs a program that is to fail. */
  static StoppedRun of(int ranks, RankProgram<?> program) {
    Queue<Thread> threads = new ConcurrentLinkedQueue<>();
    long begin = System.nanoTime();
    RankFailure failure =
        assertThrows(
            RankFailure.class,
            () ->
                ThreadRanks.run(
                    ranks,
                    communicator -> {
                      threads.add(Thread.currentThread());
                      return program.run(communicator);
                    }));
    long tookMillis = (System.nanoTime() - begin) / 1_000_000;
    return new StoppedRun(failure, tookMillis, threads.stream().filter(Thread::isAlive).toList());
  }

  /** Checks the message, that the stop took less than a second, and that no thread is left. */
  void assertPromptAndClean(String message) {
    assertEquals(message, failure.getMessage());
    assertTrue(tookMillis < 1000, () -> "took " + tookMillis + " ms");
    assertEquals(List.of(), left);
    assertEquals(0, failure.getSuppressed().length);
  }
}
