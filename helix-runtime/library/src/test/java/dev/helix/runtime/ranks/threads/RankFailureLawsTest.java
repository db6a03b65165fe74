package dev.helix.runtime.ranks.threads;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.helix.tensor.Group;
import dev.helix.tensor.InvalidInputException;
import dev.helix.tensor.mesh.Communicator;
import dev.helix.tensor.program.Place;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whatever a rank throws, wherever the others are, the run ends at once with that one error.
 *
 * <p>At once is an order of events and no time: a rank that waits is woken by the failure and not
 * by an interrupt or a timeout, which do not come here ({@link StoppedRun}), and after the failure
 * no launch and no exchange of any rank returns.
 */
@Timeout(
    value = StoppedRun.MINUTES_OF_A_HANG,
    unit = TimeUnit.MINUTES,
    threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class RankFailureLawsTest {
  private static final int RANKS = 4;
  private static final int FAILING = 2;

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 8})
  void aFailureNamesRankLayerOperationAndCauseWhileTheOthersWait(int ranks) {
    InvalidInputException cause = new InvalidInputException("token 70000 is not in [0, 65536)");
    StoppedRun run =
        StoppedRun.of(
            ranks,
            communicator -> {
              communicator.scope().enter(Place.layer(3));
              exchange(communicator, "allReduce");
              if (communicator.rank() == ranks - 1) {
                communicator.scope().launch("flashDecode");
                throw cause;
              }
              return exchange(communicator, "allReduce");
            });
    run.assertClean(
        "rank " + (ranks - 1) + ", layer 3, flashDecode: token 70000 is not in [0, 65536)");
    assertSame(cause, run.failure().getCause());
    assertEquals(ranks - 1, run.failure().rank());
  }

  @Test
  void aFailureBeforeTheFirstExchangeStopsAll() {
    StoppedRun.of(
            RANKS,
            communicator -> {
              if (communicator.rank() == FAILING) {
                throw new IOException("no such file");
              }
              return exchange(communicator, "allReduce");
            })
        .assertClean("rank 2, start, none: no such file");
  }

  /** They have given up looking and are parked: only the failure can wake them. */
  @Test
  void ranksThatWaitInAnExchangeAreWokenByTheFailure() {
    Queue<Thread> waiting = new ConcurrentLinkedQueue<>();
    Queue<RuntimeException> wokenBy = new ConcurrentLinkedQueue<>();
    StoppedRun.of(
            RANKS,
            communicator -> {
              if (communicator.rank() == FAILING) {
                while (waiting.stream().filter(RankFailureLawsTest::isParked).count() < RANKS - 1) {
                  Thread.onSpinWait();
                }
                throw new IllegalStateException("broken");
              }
              waiting.add(Thread.currentThread());
              try {
                return exchange(communicator, "allReduce");
              } catch (RuntimeException e) {
                wokenBy.add(e);
                throw e;
              }
            })
        .assertClean("rank 2, start, none: broken");
    assertEquals(
        Collections.nCopies(RANKS - 1, RanksStopped.class),
        wokenBy.stream().map(Object::getClass).toList());
  }

  private static boolean isParked(Thread thread) {
    return thread.getState() == Thread.State.WAITING;
  }

  /** A rank knows of the failure when it is stopped itself: what is called later is too late. */
  @Test
  void afterAFailureNoLaunchAndNoExchangeReturns() {
    CountDownLatch failed = new CountDownLatch(1);
    Queue<String> returned = new ConcurrentLinkedQueue<>();
    Queue<Integer> refused = new ConcurrentLinkedQueue<>();
    StoppedRun.of(
            RANKS,
            communicator -> {
              if (communicator.rank() == FAILING) {
                throw new IllegalStateException("broken");
              }
              if (communicator.rank() == 0) {
                try {
                  return exchange(communicator, "allReduce");
                } finally {
                  failed.countDown();
                }
              }
              failed.await();
              try {
                communicator.scope().launch("linear");
                returned.add("launch");
              } catch (RanksStopped e) {
                refused.add(communicator.rank());
              }
              // Nobody is missing from an exchange of this rank with itself.
              exchangeAlone(communicator);
              returned.add("exchange");
              return 0;
            })
        .assertClean("rank 2, start, none: broken");
    assertEquals(List.of(), List.copyOf(returned));
    assertEquals(Set.of(1, 3), Set.copyOf(refused));
  }

  @Test
  void ranksThatComputeStopAtTheirNextLaunch() {
    StoppedRun.of(
            RANKS,
            communicator -> {
              if (communicator.rank() == FAILING) {
                throw new IllegalArgumentException("add: hidden=4 and hidden=5");
              }
              while (true) {
                communicator.scope().launch("linear");
              }
            })
        .assertClean("rank 2, start, none: add: hidden=4 and hidden=5");
  }

  @Test
  void ranksThatSleepAreInterrupted() {
    Queue<Integer> interrupted = new ConcurrentLinkedQueue<>();
    CountDownLatch never = new CountDownLatch(1);
    StoppedRun.of(
            RANKS,
            communicator -> {
              if (communicator.rank() == FAILING) {
                throw new IllegalStateException("broken");
              }
              try {
                never.await();
              } catch (InterruptedException e) {
                interrupted.add(communicator.rank());
              }
              return 0;
            },
            new ThreadRanks.Grace(Duration.ofMillis(1), StoppedRun.FOR_EVER))
        .assertClean("rank 2, start, none: broken");
    assertEquals(Set.of(0, 1, 3), Set.copyOf(interrupted));
  }

  @Test
  void aRankInALongKernelIsLeftBehindAndNamed() throws InterruptedException {
    AtomicBoolean release = new AtomicBoolean();
    CountDownLatch inKernel = new CountDownLatch(1);
    CountDownLatch afterKernel = new CountDownLatch(1);
    StoppedRun run =
        StoppedRun.of(
            2,
            communicator -> {
              communicator.scope().launch("linear");
              if (communicator.rank() == 1) {
                // Not before the other is past its launch, or it would stop there in good order.
                inKernel.await();
                throw new IllegalStateException("broken");
              }
              inKernel.countDown();
              while (!release.get()) {
                Thread.onSpinWait();
              }
              communicator.scope().launch("add");
              afterKernel.countDown();
              return 0;
            },
            new ThreadRanks.Grace(Duration.ofMillis(1), Duration.ofMillis(1)));
    assertEquals("rank 1, start, linear: broken", run.failure().getMessage());
    // The thread of the rank that failed may not have ended yet either, and then comes second.
    assertEquals(
        "left behind: rank 0, start, runs linear, on thread helix rank 0",
        run.failure().getSuppressed()[0].getMessage());
    Thread left =
        run.left().stream().filter(t -> t.getName().equals("helix rank 0")).findAny().orElseThrow();
    assertTrue(left.isDaemon());
    release.set(true);
    left.join();
    assertEquals(1, afterKernel.getCount(), "a rank left behind ends at its next launch");
  }

  @Test
  void aLackOfMemoryIsTheErrorOfTheRankThatHadIt() {
    StoppedRun run =
        StoppedRun.of(
            RANKS,
            communicator -> {
              communicator.scope().enter(Place.layer(0));
              communicator.scope().launch("linear");
              if (communicator.rank() == FAILING) {
                long[][] hoard = new long[1 << 16][];
                for (int i = 0; i < hoard.length; i++) {
                  hoard[i] = new long[Integer.MAX_VALUE - 8];
                }
                return hoard;
              }
              return exchange(communicator, "allReduce");
            });
    assertInstanceOf(OutOfMemoryError.class, run.failure().getCause());
    run.assertClean("rank 2, layer 0, linear: java.lang.OutOfMemoryError: Java heap space");
  }

  /** The overflow strikes at any depth: also inside of the transport, while it is locked. */
  @Test
  void aStackOverflowInsideTheTransportStopsAll() {
    StoppedRun run =
        StoppedRun.of(
            RANKS,
            communicator ->
                communicator.rank() == FAILING
                    ? nested(communicator, Integer.MAX_VALUE)
                    : exchange(communicator, "allReduce"));
    assertInstanceOf(StackOverflowError.class, run.failure().getCause());
    run.assertClean("rank 2, start, none: java.lang.StackOverflowError");
  }

  private static int nested(Communicator communicator, int levels) {
    exchangeAlone(communicator);
    return levels == 0 ? 0 : nested(communicator, levels - 1) + 1;
  }

  @Test
  void whatFailsLaterDoesNotHideTheFirstFailure() {
    CountDownLatch failed = new CountDownLatch(1);
    StoppedRun.of(
            RANKS,
            communicator -> {
              if (communicator.rank() == FAILING) {
                communicator.scope().launch("rmsNorm");
                failed.countDown();
                throw new IllegalStateException("the first");
              }
              failed.await();
              try {
                return exchange(communicator, "allReduce");
              } catch (RuntimeException e) {
                throw new IllegalArgumentException("a consequence", e);
              }
            })
        .assertClean("rank 2, start, rmsNorm: the first");
  }

  @Test
  void aRankThatSwallowsTheStopCannotMakeTheRunSucceed() {
    StoppedRun.of(
            RANKS,
            communicator -> {
              if (communicator.rank() == FAILING) {
                throw new IllegalStateException("broken");
              }
              try {
                return exchange(communicator, "allReduce");
              } catch (RuntimeException e) {
                return List.of();
              }
            })
        .assertClean("rank 2, start, none: broken");
  }

  @Test
  void aRankInterruptedWhileItWaitsFails() {
    StoppedRun.of(
            RANKS,
            communicator -> {
              if (communicator.rank() == FAILING) {
                Thread.currentThread().interrupt();
              }
              while (communicator.rank() == 0) {
                communicator.scope().launch("linear");
              }
              return exchange(communicator, "allReduce");
            })
        .assertClean(
            "rank 2, start, none: interrupted while it waited in allReduce on all[0, 1, 2, 3]");
  }

  @Test
  void interruptingTheCallerStopsAll() throws InterruptedException {
    CountDownLatch running = new CountDownLatch(1);
    AtomicReference<Throwable> thrown = new AtomicReference<>();
    AtomicBoolean stillInterrupted = new AtomicBoolean();
    Thread caller =
        new Thread(
            () -> {
              thrown.set(
                  assertThrows(
                      CancellationException.class,
                      () ->
                          ThreadRanks.inOneJvm(
                              2,
                              communicator -> {
                                if (communicator.rank() == 0) {
                                  return exchange(communicator, "allReduce");
                                }
                                communicator.scope().launch("linear");
                                running.countDown();
                                while (true) {
                                  communicator.scope().launch("linear");
                                }
                              },
                              StoppedRun.NO_INTERRUPT)));
              stillInterrupted.set(Thread.currentThread().isInterrupted());
            });
    caller.start();
    running.await();
    caller.interrupt();
    caller.join();
    assertTrue(stillInterrupted.get());
    assertTrue(
        thrown.get().getMessage().startsWith("interrupted while rank 0, start, "),
        () -> thrown.get().getMessage());
  }

  @Test
  void aWrongNumberOfBuffersIsTheCallersError() {
    StoppedRun.of(
            1,
            communicator ->
                communicator.exchange(new Group("all", List.of(0)), "allReduce", List.of()))
        .assertClean(
            "rank 0, start, none: allReduce on rank 0: expected a buffer for each of the 1 members"
                + " of all[0], got 0");
  }

  @Test
  void atLeastOneRankIsNeeded() {
    assertEquals(
        "expected at least 1 rank, got 0",
        assertThrows(IllegalArgumentException.class, () -> ThreadRanks.inOneJvm(0, c -> 0))
            .getMessage());
  }

  private static List<ByteBuffer> exchange(Communicator communicator, String call) {
    Group all = new Group("all", IntStream.range(0, communicator.size()).boxed().toList());
    return communicator.exchange(
        all, call, Collections.nCopies(all.size(), ByteBuffer.allocate(8)));
  }

  private static void exchangeAlone(Communicator communicator) {
    int rank = communicator.rank();
    communicator.exchange(
        new Group("self[" + rank + "]", List.of(rank)),
        "allGather",
        List.of(ByteBuffer.allocate(8)));
  }
}
