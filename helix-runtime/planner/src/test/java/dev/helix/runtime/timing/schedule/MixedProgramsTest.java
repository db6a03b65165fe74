package dev.helix.runtime.timing.schedule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.helix.runtime.timing.TraceBuilder;
import dev.helix.runtime.timing.cost.Cost;
import dev.helix.tensor.program.Phase;
import dev.helix.tensor.program.Place;
import dev.helix.tensor.program.TensorLaunch;
import dev.helix.tensor.program.TransferKind;
import dev.helix.tensor.trace.Launch;
import dev.helix.tensor.trace.Operation;
import dev.helix.tensor.trace.RankKind;
import dev.helix.tensor.trace.Transfer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Schedules of ranks that run different programs, and of several groups that exchange. */
class MixedProgramsTest {
  private static final String SEED = "271828";

  /** A launch takes as many µs as it has bytes; an exchange 5 µs more, which the link is free. */
  private static Cost cost(Operation operation) {
    return operation instanceof Launch launch
        ? new Cost(0, launch.hbmBytes(), launch.hbmBytes())
        : new Cost(5, ((Transfer) operation).operandBytes(), 0);
  }

  private static Schedule schedule(List<RankKind> kinds) {
    return new Scheduler(MixedProgramsTest::cost, Accounting.PER_PIECE).schedule(kinds);
  }

  private static double end(Schedule schedule, int kind, int index) {
    return schedule.ranks().get(kind).slots().get(index).endMicros();
  }

  /** Two micro-batches through two stages: the second is computed while the first is sent. */
  private static List<RankKind> pipeline() {
    List<Integer> link = List.of(0, 1);
    TraceBuilder first = new TraceBuilder();
    TraceBuilder second = new TraceBuilder().at(Place.layer(1));
    for (int micro = 0; micro < 2; micro++) {
      int computed = first.launch(TensorLaunch.LINEAR, Phase.FFN, 10);
      first.transfer(TransferKind.BROADCAST, Phase.FFN, link, 3, computed);
      int there = second.transfer(TransferKind.BROADCAST, Phase.FFN, link, 0);
      second.launch(TensorLaunch.LINEAR, Phase.FFN, 20, there);
    }
    return List.of(first.on(0), second.on(1));
  }

  @Test
  void theStagesOfAPipelineWorkAtTheSameTime() {
    Schedule schedule = schedule(pipeline());
    // Sent at 10, there at 18; the second micro-batch is sent at 20 and waits for the first's work.
    assertEquals(18, end(schedule, 1, 0), 1e-12);
    assertEquals(38, end(schedule, 1, 1), 1e-12);
    assertEquals(28, end(schedule, 1, 2), 1e-12);
    assertEquals(58, schedule.ttlMicros(), 1e-12);
    // Both stages' launches, and each exchange once.
    assertEquals(2 * (10 + 20 + 3 + 5), schedule.serialMicros(), 1e-12);
    assertEquals(6, schedule.slowest().size());
    // The second micro-batch: computed when the first stage has it, sent, computed again.
    assertEquals(10 + 8 + 20, schedule.criticalPathMicros(), 1e-12);
  }

  @Test
  void twoGroupsExchangeAtOnce() {
    List<RankKind> kinds = new ArrayList<>();
    for (int rank = 0; rank < 4; rank++) {
      TraceBuilder trace = new TraceBuilder();
      List<Integer> pair = rank < 2 ? List.of(0, 1) : List.of(2, 3);
      trace.transfer(TransferKind.ALL_REDUCE, Phase.ALL_REDUCE, pair, 7);
      kinds.add(trace.on(rank));
    }
    assertEquals(12, schedule(kinds).ttlMicros(), 1e-12);
    assertEquals(12, schedule(kinds.subList(0, 2)).ttlMicros(), 1e-12);
  }

  /** A pair does not wait for the ranks of another, which are still at work. */
  @Test
  void aGroupWaitsForItsMembersAlone() {
    List<RankKind> kinds = new ArrayList<>();
    for (int rank = 0; rank < 4; rank++) {
      TraceBuilder trace = new TraceBuilder();
      int before = trace.launch(TensorLaunch.LINEAR, Phase.FFN, rank == 3 ? 100 : 1);
      List<Integer> pair = rank < 2 ? List.of(0, 1) : List.of(2, 3);
      trace.transfer(TransferKind.ALL_REDUCE, Phase.ALL_REDUCE, pair, 7, before);
      kinds.add(trace.on(rank));
    }
    Schedule schedule = schedule(kinds);
    assertEquals(1 + 12, end(schedule, 0, 1), 1e-12);
    assertEquals(100 + 12, end(schedule, 2, 1), 1e-12);
  }

  @Test
  void aRankThatSendsToTwoOthersInTurnIsMatchedWithEach() {
    TraceBuilder root = new TraceBuilder();
    root.transfer(TransferKind.BROADCAST, Phase.FFN, List.of(0, 1), 7);
    root.transfer(TransferKind.BROADCAST, Phase.FFN, List.of(0, 2), 7);
    List<RankKind> kinds = new ArrayList<>(List.of(root.on(0)));
    for (int rank = 1; rank < 3; rank++) {
      TraceBuilder trace = new TraceBuilder();
      trace.transfer(TransferKind.BROADCAST, Phase.FFN, List.of(0, rank), 0);
      kinds.add(trace.on(rank));
    }
    Schedule schedule = schedule(kinds);
    assertEquals(12, end(schedule, 1, 0), 1e-12);
    assertEquals(19, end(schedule, 2, 0), 1e-12);
  }

  @Test
  void idleRanksChangeNothing() {
    List<RankKind> kinds = new ArrayList<>(pipeline());
    double ttl = schedule(kinds).ttlMicros();
    kinds.add(0, new TraceBuilder().onEach(List.of(2, 3)));
    Schedule schedule = schedule(kinds);
    assertEquals(ttl, schedule.ttlMicros(), 0);
    assertEquals(List.of(), schedule.ranks().get(0).slots());
    assertEquals(38, schedule.criticalPathMicros(), 1e-12);
  }

  /** Rank 3 exchanges with rank 1, so that it is not like rank 2. */
  @Test
  void aKindWhoseMembersExchangeWithDifferentKindsIsRefused() {
    List<RankKind> kinds = new ArrayList<>();
    List<List<Integer>> members = List.of(List.of(0), List.of(1), List.of(2, 3));
    List<List<Integer>> pairs = List.of(List.of(0, 2), List.of(1, 3), List.of(0, 2));
    for (int kind = 0; kind < 3; kind++) {
      TraceBuilder trace = new TraceBuilder();
      trace.transfer(TransferKind.ALL_REDUCE, Phase.ALL_REDUCE, pairs.get(kind), 7);
      kinds.add(trace.onEach(members.get(kind)));
    }
    assertRefused(
        "rank 1, layer 0, allReduce (operation 0) on ranks[1, 3]: ranks like rank 2 take no part in"
            + " it",
        kinds.toArray(RankKind[]::new));
  }

  @Test
  void aTransferThatTheOtherRankDoesNotKnowIsRefused() {
    TraceBuilder one = new TraceBuilder();
    one.transfer(TransferKind.ALL_REDUCE, Phase.ALL_REDUCE, List.of(0, 1), 4);
    assertRefused(
        "rank 0, layer 0, allReduce (operation 0) on ranks[0, 1]: ranks like rank 1 take no part in"
            + " it",
        one.on(0),
        new TraceBuilder().on(1));
    TraceBuilder other = new TraceBuilder();
    other.launch(TensorLaunch.ADD, Phase.NORM, 1);
    other.transfer(TransferKind.ALL_GATHER, Phase.COMBINE, List.of(0, 1), 4);
    assertRefused(
        "rank 0, layer 0, allReduce (operation 0) on ranks[0, 1] meets rank 1, layer 0, allGather"
            + " (operation 1) on ranks[0, 1]",
        one.on(0),
        other.on(1));
  }

  @Test
  void aRankOfNoKindAndARankOfTwoAreRefused() {
    TraceBuilder one = new TraceBuilder();
    one.transfer(TransferKind.ALL_REDUCE, Phase.ALL_REDUCE, List.of(0, 5), 4);
    assertRefused(
        "rank 0, layer 0, allReduce (operation 0): rank 5 is of no kind of ranks", one.on(0));
    assertRefused("rank 1 is of two kinds", one.onEach(List.of(0, 1)), one.on(1));
  }

  /** Each of three ranks begins with the neighbour that another has put off. */
  @Test
  void ranksThatWaitForEachOtherInACircleAreAnError() {
    List<RankKind> kinds = new ArrayList<>();
    for (int rank = 0; rank < 3; rank++) {
      TraceBuilder trace = new TraceBuilder();
      trace.transfer(TransferKind.ALL_REDUCE, Phase.FFN, pair(rank, (rank + 1) % 3), 4);
      trace.transfer(TransferKind.ALL_REDUCE, Phase.FFN, pair(rank, (rank + 2) % 3), 4);
      kinds.add(trace.on(rank));
    }
    assertRefused(
        "ranks wait for each other in a circle: rank 0, layer 0, allReduce (operation 0) on"
            + " ranks[0, 1]; rank 1, layer 0, allReduce (operation 0) on ranks[1, 2]; rank 2, layer"
            + " 0, allReduce (operation 0) on ranks[0, 2]",
        kinds.toArray(RankKind[]::new));
  }

  private static List<Integer> pair(int one, int other) {
    return List.of(Math.min(one, other), Math.max(one, other));
  }

  @Test
  void resultsThatWaitForEachOtherInACircleAreAnError() {
    TraceBuilder one = new TraceBuilder();
    int gathered = one.transfer(TransferKind.ALL_GATHER, Phase.FFN, List.of(0, 1, 2), 4);
    one.transfer(TransferKind.ALL_REDUCE, Phase.FFN, List.of(0, 1), 4, gathered);
    TraceBuilder other = new TraceBuilder();
    int reduced = other.transfer(TransferKind.ALL_REDUCE, Phase.FFN, List.of(0, 1), 4);
    other.transfer(TransferKind.ALL_GATHER, Phase.FFN, List.of(0, 1, 2), 4, reduced);
    TraceBuilder third = new TraceBuilder();
    third.transfer(TransferKind.ALL_GATHER, Phase.FFN, List.of(0, 1, 2), 4);
    IllegalArgumentException refused =
        assertThrows(
            IllegalArgumentException.class,
            () -> schedule(List.of(one.on(0), other.on(1), third.on(2))));
    assertTrue(refused.getMessage().startsWith("ranks wait for each other in a circle: rank 0"));
  }

  private static void assertRefused(String message, RankKind... kinds) {
    IllegalArgumentException refused =
        assertThrows(IllegalArgumentException.class, () -> schedule(List.of(kinds)));
    assertEquals(message, refused.getMessage());
  }

  /**
   * Ranks with programs of their own, in one order of all events: so that nobody waits for ever.
   */
  private static List<RankKind> programs(long seed, int events, int ranks) {
    Random random = new Random(seed);
    List<TraceBuilder> traces = new ArrayList<>();
    for (int rank = 0; rank < ranks; rank++) {
      traces.add(new TraceBuilder());
    }
    for (int event = 0; event < events; event++) {
      if (random.nextInt(2) == 0) {
        TraceBuilder own = traces.get(random.nextInt(ranks));
        own.launch(TensorLaunch.LINEAR, Phase.FFN, random.nextInt(50), before(own, random));
      } else {
        List<Integer> group = new ArrayList<>();
        for (int rank = 0; rank < ranks; rank++) {
          if (random.nextBoolean()) {
            group.add(rank);
          }
        }
        for (int rank : group) {
          TraceBuilder own = traces.get(rank);
          Integer[] before = before(own, random);
          own.transfer(TransferKind.ALL_GATHER, Phase.FFN, group, random.nextInt(50), before);
        }
      }
    }
    List<RankKind> kinds = new ArrayList<>();
    traces.forEach(trace -> kinds.add(trace.on(kinds.size())));
    return kinds;
  }

  private static Integer[] before(TraceBuilder trace, Random random) {
    return trace.size() == 0 ? new Integer[0] : new Integer[] {random.nextInt(trace.size())};
  }

  @Property(seed = SEED, tries = 300)
  void theLawsOfSchedulesHoldForRanksWithProgramsOfTheirOwn(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 40) int events,
      @ForAll @IntRange(min = 1, max = 5) int ranks) {
    List<RankKind> kinds = programs(seed, events, ranks);
    Schedule schedule = schedule(kinds);
    double ttl = schedule.ttlMicros();
    double slack = 1e-9 * (1 + ttl);
    assertTrue(schedule.criticalPathMicros() <= ttl + slack, "critical path above " + ttl);
    assertTrue(ttl <= schedule.serialMicros() + slack, "serial sum below " + ttl);
    double exposed =
        schedule.exposedMicros().values().stream().mapToDouble(Double::doubleValue).sum();
    assertEquals(ttl, exposed, slack);
    double halved =
        new Scheduler(
                operation -> {
                  Cost cost = cost(operation);
                  return new Cost(cost.latencyMicros(), cost.busyMicros() / 2, cost.bytes());
                },
                Accounting.PER_PIECE)
            .schedule(kinds)
            .ttlMicros();
    assertTrue(halved <= ttl + slack, halved + " at twice the speed, " + ttl + " before");
  }
}
