package dev.helix.runtime.timing.schedule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.helix.runtime.timing.TraceBuilder;
import dev.helix.runtime.timing.cost.Cost;
import dev.helix.runtime.timing.cost.OperationCosts;
import dev.helix.tensor.program.Phase;
import dev.helix.tensor.program.TensorLaunch;
import dev.helix.tensor.program.TransferKind;
import dev.helix.tensor.trace.Launch;
import dev.helix.tensor.trace.Operation;
import dev.helix.tensor.trace.RankTrace;
import dev.helix.tensor.trace.Transfer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** What holds of every schedule, of random programs on several kinds of ranks. */
class ScheduleLawsTest {
  private static final String SEED = "314159";
  private static final int TRIES = 400;
  private static final List<Phase> PHASES = List.of(Phase.values());

  /** A random program: the same names and dependencies on all kinds, other sizes on each. */
  private static List<RankTrace> program(long seed, int operations, int kinds) {
    List<RankTrace> traces = new ArrayList<>();
    for (int kind = 0; kind < kinds; kind++) {
      Random shape = new Random(seed);
      Random sizes = new Random(seed + 31L * kind);
      TraceBuilder trace = new TraceBuilder();
      for (int i = 0; i < operations; i++) {
        Phase phase = PHASES.get(shape.nextInt(PHASES.size()));
        Integer[] after =
            shape
                .ints(shape.nextInt(3), 0, Math.max(1, i))
                .filter(e -> e < trace.size())
                .boxed()
                .toArray(Integer[]::new);
        if (shape.nextInt(3) == 0) {
          trace.transfer(TransferKind.ALL_GATHER, phase, 4, sizes.nextInt(50), after);
        } else {
          trace.launch(TensorLaunch.LINEAR, phase, sizes.nextInt(50), after);
        }
      }
      traces.add(trace.build());
    }
    return traces;
  }

  /** Costs that grow with bytes, in proportion to 1 / speed. */
  private static OperationCosts costs(double overhead, double latency, double speed, double link) {
    return operation ->
        operation instanceof Launch launch
            ? new Cost(0, overhead + launch.hbmBytes() / speed, launch.hbmBytes())
            : new Cost(latency, ((Transfer) operation).operandBytes() / link, 0);
  }

  private static Schedule schedule(List<RankTrace> kinds, OperationCosts costs) {
    return new Scheduler(costs, Accounting.PER_CHUNK).schedule(kinds);
  }

  @Property(seed = SEED, tries = TRIES)
  void aStepTakesAtLeastItsCriticalPathAndAtMostTheSumOfAll(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 30) int operations,
      @ForAll @IntRange(min = 1, max = 3) int kinds,
      @ForAll @IntRange(max = 20) int latency) {
    Schedule schedule = schedule(program(seed, operations, kinds), costs(1, latency, 3, 2));
    double ttl = schedule.ttlMicros();
    double slack = 1e-9 * (1 + ttl);
    assertTrue(schedule.criticalPathMicros() <= ttl + slack, "critical path above " + ttl);
    assertTrue(ttl <= schedule.serialMicros() + slack, "serial sum below " + ttl);
  }

  @Property(seed = SEED, tries = TRIES)
  void theCriticalPathIsAChainOfResults(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 30) int operations,
      @ForAll @IntRange(min = 1, max = 3) int kinds) {
    List<Slot> path = schedule(program(seed, operations, kinds), costs(1, 5, 3, 2)).criticalPath();
    for (int i = 1; i < path.size(); i++) {
      int before = path.get(i - 1).operation().index();
      assertTrue(path.get(i).operation().after().contains(before), "no result of " + before);
    }
  }

  @Property(seed = SEED, tries = TRIES)
  void moreBandwidthIsNeverSlower(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 30) int operations,
      @ForAll @IntRange(min = 1, max = 3) int kinds,
      @ForAll @IntRange(min = 1, max = 9) int faster) {
    List<RankTrace> program = program(seed, operations, kinds);
    double slow = schedule(program, costs(1, 5, 2, 2)).ttlMicros();
    double fast = schedule(program, costs(1, 5, 2 + faster / 3.0, 2 + faster / 5.0)).ttlMicros();
    assertTrue(fast <= slow * (1 + 1e-12), fast + " with more bandwidth, " + slow + " with less");
  }

  @Property(seed = SEED, tries = TRIES)
  void aStreamRunsOneOperationAtATimeAndAllResultsAreWaitedFor(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 30) int operations,
      @ForAll @IntRange(min = 1, max = 3) int kinds) {
    Schedule schedule = schedule(program(seed, operations, kinds), costs(1, 5, 3, 2));
    for (RankSchedule rank : schedule.ranks()) {
      for (Stream stream : Stream.values()) {
        List<Slot> inOrder =
            rank.slots().stream()
                .filter(slot -> Stream.of(slot.operation()) == stream)
                .sorted(
                    Comparator.comparingDouble(Slot::startMicros)
                        .thenComparingDouble(Slot::busyEndMicros))
                .toList();
        for (int i = 1; i < inOrder.size(); i++) {
          assertTrue(inOrder.get(i - 1).busyEndMicros() <= inOrder.get(i).startMicros());
        }
      }
      for (Slot slot : rank.slots()) {
        for (int earlier : slot.operation().after()) {
          assertTrue(rank.slots().get(earlier).endMicros() <= slot.startMicros());
        }
      }
    }
  }

  @Property(seed = SEED, tries = TRIES)
  void aCollectiveStartsOnAllRanksAtOnceAndPhasesAddUpToTheStep(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 30) int operations,
      @ForAll @IntRange(min = 1, max = 3) int kinds) {
    Schedule schedule = schedule(program(seed, operations, kinds), costs(1, 5, 3, 2));
    for (int i = 0; i < operations; i++) {
      int index = i;
      Operation operation = schedule.ranks().get(0).slots().get(i).operation();
      if (Stream.of(operation) == Stream.NETWORK) {
        assertEquals(
            1,
            schedule.ranks().stream()
                .mapToDouble(rank -> rank.slots().get(index).startMicros())
                .distinct()
                .count());
      }
    }
    double exposed =
        schedule.exposedMicros().values().stream().mapToDouble(Double::doubleValue).sum();
    assertEquals(schedule.ttlMicros(), exposed, 1e-9 * (1 + exposed));
  }

  @Test
  void theSlowestKindOfRankHoldsUpACollective() {
    List<RankTrace> kinds =
        IntStream.of(10, 40)
            .mapToObj(
                bytes -> {
                  TraceBuilder trace = new TraceBuilder();
                  int before = trace.launch(TensorLaunch.LINEAR, Phase.FFN, bytes);
                  trace.transfer(TransferKind.ALL_REDUCE, Phase.ALL_REDUCE, 2, 4, before);
                  return trace.build();
                })
            .toList();
    assertEquals(1 + 40 + 5 + 2, schedule(kinds, costs(1, 5, 1, 2)).ttlMicros(), 1e-12);
  }

  @Test
  void kindsOfRanksThatRunDifferentProgramsAreRefused() {
    TraceBuilder one = new TraceBuilder();
    one.launch(TensorLaunch.LINEAR, Phase.FFN, 1);
    TraceBuilder other = new TraceBuilder();
    other.launch(TensorLaunch.ADD, Phase.FFN, 1);
    List<RankTrace> kinds = List.of(one.build(), other.build());
    OperationCosts costs = costs(1, 1, 1, 1);
    assertThrows(IllegalArgumentException.class, () -> schedule(kinds, costs));
  }
}
