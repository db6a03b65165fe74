package dev.helix.runtime.ranks.threads;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.helix.tensor.Axis;
import dev.helix.tensor.Collectives;
import dev.helix.tensor.DType;
import dev.helix.tensor.Group;
import dev.helix.tensor.Spec;
import dev.helix.tensor.mesh.Communicator;
import dev.helix.tensor.mesh.WireCollectives;
import dev.helix.tensor.program.Phase;
import dev.helix.tensor.program.Place;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Exchanges that do not fit together are an error at once, which says what each rank was doing. At
 * once means: although no rank is interrupted and others never stop by themselves, the run ends.
 */
@Timeout(
    value = StoppedRun.MINUTES_OF_A_HANG,
    unit = TimeUnit.MINUTES,
    threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class DeadlockLawsTest {
  private static final Spec ROWS = Spec.of(DType.F64, Axis.BATCH, 2, Axis.HIDDEN, 4);
  private static final Group LOW = new Group("low", List.of(0, 1));
  private static final Group HIGH = new Group("high", List.of(1, 2));
  private static final Group ENDS = new Group("ends", List.of(0, 2));

  private interface Program {
    Object run(Collectives<PlainTensor> collectives, int rank, Communicator communicator)
        throws Exception;
  }

  private static StoppedRun run(int ranks, Program program) {
    return StoppedRun.of(
        ranks,
        communicator -> {
          communicator.scope().enter(Place.layer(1));
          int rank = communicator.rank();
          return program.run(
              new WireCollectives<>(communicator, new PlainWire(rank)), rank, communicator);
        });
  }

  private static PlainTensor rows(int rank) {
    return new PlainTensor(ROWS, rank, new double[8]);
  }

  @RepeatedTest(20)
  void ranksInDifferentGroupsThatWaitForEachOther() {
    run(
            3,
            (collectives, rank, communicator) ->
                collectives.allReduce(
                    Phase.ALL_REDUCE, rank == 0 ? LOW : rank == 1 ? HIGH : ENDS, rows(rank)))
        .assertClean(
            "rank 0, layer 1, allReduce: deadlock:"
                + " rank 0, layer 1, waits in allReduce f64[batch=2, hidden=4] on low[0, 1];"
                + " rank 1, layer 1, waits in allReduce f64[batch=2, hidden=4] on high[1, 2];"
                + " rank 2, layer 1, waits in allReduce f64[batch=2, hidden=4] on ends[0, 2]");
  }

  @RepeatedTest(20)
  void theSameGroupsInAnotherOrder() {
    Group all = new Group("all", List.of(0, 1));
    Group kvp = new Group("kvp[0]", List.of(0, 1));
    AtomicReference<Thread> idle = new AtomicReference<>();
    CountDownLatch known = new CountDownLatch(1);
    run(
            3,
            (collectives, rank, communicator) -> {
              if (rank == 2) {
                idle.set(Thread.currentThread());
                known.countDown();
                return "done";
              }
              known.await();
              idle.get().join();
              return rank == 0
                  ? collectives.allReduce(Phase.ALL_REDUCE, all, rows(rank))
                  : collectives.allToAll(Phase.ALL_TO_ALL, kvp, Axis.HIDDEN, List.of(rows(rank)));
            })
        .assertClean(
            "rank 0, layer 1, allReduce: deadlock:"
                + " rank 0, layer 1, waits in allReduce f64[batch=2, hidden=4] on all[0, 1];"
                + " rank 1, layer 1, waits in allToAll by hidden [f64[batch=2, hidden=4]] on"
                + " kvp[0][0, 1];"
                + " rank 2 has finished");
  }

  @RepeatedTest(20)
  void aRankThatHasFinishedIsNotWaitedFor() {
    run(
            2,
            (collectives, rank, communicator) ->
                rank == 1 ? "done" : collectives.broadcast(Phase.COMBINE, LOW, 0, rows(rank)))
        .assertClean(
            "rank 0, layer 1, broadcast: deadlock:"
                + " rank 0, layer 1, waits in broadcast from rank 0 f64[batch=2, hidden=4] on"
                + " low[0, 1];"
                + " rank 1 has finished");
  }

  /** Rank 0 waits for rank 3, which is at work; ranks 1 and 2 are at fault, and one is named. */
  @RepeatedTest(20)
  void theRankNamedIsOneThatWaitsInVain() {
    Group other = new Group("other", List.of(1, 2));
    StoppedRun run =
        run(
            4,
            (collectives, rank, communicator) -> {
              while (rank == 3) {
                communicator.scope().launch("linear");
              }
              return rank == 0
                  ? collectives.allReduce(
                      Phase.ALL_REDUCE, new Group("pair", List.of(0, 3)), rows(rank))
                  : collectives.allReduce(Phase.ALL_REDUCE, rank == 1 ? HIGH : other, rows(rank));
            });
    assertEquals(1, run.failure().rank());
    run.assertClean(run.failure().getMessage());
  }

  /** Nothing forgives it that rank 2 is still at work and may be for hours. */
  @Test
  void aDeadlockOfSomeRanksIsFoundWhileOthersCompute() throws InterruptedException {
    CountDownLatch computing = new CountDownLatch(1);
    Group other = new Group("other", List.of(0, 1));
    run(
            3,
            (collectives, rank, communicator) -> {
              if (rank < 2) {
                computing.await();
                return collectives.allReduce(Phase.ALL_REDUCE, rank == 0 ? LOW : other, rows(rank));
              }
              communicator.scope().launch("linear");
              computing.countDown();
              while (true) {
                communicator.scope().launch("linear");
              }
            })
        .assertClean(
            "rank 0, layer 1, allReduce: deadlock:"
                + " rank 0, layer 1, waits in allReduce f64[batch=2, hidden=4] on low[0, 1];"
                + " rank 1, layer 1, waits in allReduce f64[batch=2, hidden=4] on other[0, 1];"
                + " rank 2, layer 1, runs linear");
  }

  @RepeatedTest(20)
  void differentOperationsInOneGroup() {
    run(
            2,
            (collectives, rank, communicator) ->
                rank == 0
                    ? collectives.allReduce(Phase.ALL_REDUCE, LOW, rows(rank))
                    : collectives.allGather(Phase.COMBINE, LOW, Axis.HIDDEN, rows(rank)))
        .assertClean(
            "rank 0, layer 1, allReduce: different calls on low[0, 1]:"
                + " rank 0 calls allReduce f64[batch=2, hidden=4],"
                + " rank 1 calls allGather by hidden f64[batch=2, hidden=4]");
  }

  @RepeatedTest(20)
  void differentShapesInOneGroup() {
    Spec wide = ROWS.resized(Axis.HIDDEN, 6);
    run(
            2,
            (collectives, rank, communicator) ->
                collectives.allReduce(
                    Phase.ALL_REDUCE,
                    LOW,
                    rank == 0 ? rows(rank) : new PlainTensor(wide, rank, new double[12])))
        .assertClean(
            "rank 0, layer 1, allReduce: different calls on low[0, 1]:"
                + " rank 0 calls allReduce f64[batch=2, hidden=4],"
                + " rank 1 calls allReduce f64[batch=2, hidden=6]");
  }

  @Test
  void differentRootsAndDifferentAxes() {
    run(
            2,
            (collectives, rank, communicator) ->
                collectives.broadcast(Phase.COMBINE, LOW, rank, rows(rank)))
        .assertClean(
            "rank 0, layer 1, broadcast: different calls on low[0, 1]:"
                + " rank 0 calls broadcast from rank 0 f64[batch=2, hidden=4],"
                + " rank 1 calls broadcast from rank 1 f64[batch=2, hidden=4]");
    run(
            2,
            (collectives, rank, communicator) ->
                collectives.reduceScatter(
                    Phase.ALL_REDUCE, LOW, rank == 0 ? Axis.BATCH : Axis.HIDDEN, rows(rank)))
        .assertClean(
            "rank 0, layer 1, reduceScatter: different calls on low[0, 1]:"
                + " rank 0 calls reduceScatter by batch f64[batch=2, hidden=4],"
                + " rank 1 calls reduceScatter by hidden f64[batch=2, hidden=4]");
  }

  @RepeatedTest(20)
  void oneNameForTwoGroups() {
    StoppedRun run =
        run(
            3,
            (collectives, rank, communicator) ->
                collectives.allReduce(
                    Phase.ALL_REDUCE,
                    rank == 0
                        ? new Group("tpa[0]", List.of(0, 1))
                        : new Group("tpa[0]", List.of(2, 1)),
                    rows(rank)));
    String message = run.failure().getMessage();
    assertTrue(message.contains("one name for two groups: rank "), message);
    assertTrue(message.contains(" tpa[0][0, 1]"), message);
    assertTrue(message.contains(" tpa[0][2, 1]"), message);
    run.assertClean(message);
  }

  @Test
  void aGroupWithARankThatTheRunDoesNotHave() {
    run(
            1,
            (collectives, rank, communicator) ->
                collectives.allReduce(
                    Phase.ALL_REDUCE, new Group("tpf", List.of(0, 7)), rows(rank)))
        .assertClean("rank 0, layer 1, allReduce: group tpf[0, 7], but ranks are in [0, 1)");
  }
}
