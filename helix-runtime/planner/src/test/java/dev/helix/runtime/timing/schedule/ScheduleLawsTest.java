package dev.helix.runtime.timing.schedule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.helix.runtime.timing.TraceBuilder;
import dev.helix.runtime.timing.cost.Cost;
import dev.helix.runtime.timing.cost.OperationCosts;
import dev.helix.tensor.program.Phase;
import dev.helix.tensor.program.TensorLaunch;
import dev.helix.tensor.program.TransferKind;
import dev.helix.tensor.trace.Launch;
import dev.helix.tensor.trace.RankKind;
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

  /**
   * A random program: the same names and dependencies on all kinds of two ranks each, other sizes
   * on each. At a transfer the kinds are parted in two groups, one of which may be empty.
   */
  private static List<RankKind> program(long seed, int operations, int kinds) {
    List<RankKind> traces = new ArrayList<>();
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
          int parts = shape.nextInt(1 << kinds);
          List<Integer> group = new ArrayList<>();
          for (int rank = 0; rank < 2 * kinds; rank++) {
            if ((parts >> kind & 1) == (parts >> rank % kinds & 1)) {
              group.add(rank);
            }
          }
          trace.transfer(TransferKind.ALL_GATHER, phase, group, sizes.nextInt(50), after);
        } else {
          trace.launch(TensorLaunch.LINEAR, phase, sizes.nextInt(50), after);
        }
      }
      traces.add(trace.onEach(List.of(kind, kind + kinds)));
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

  private static Schedule schedule(List<RankKind> kinds, OperationCosts costs) {
    return new Scheduler(costs, Accounting.PER_PIECE).schedule(kinds);
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
    List<RankKind> program = program(seed, operations, kinds);
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
      for (GpuStream stream : GpuStream.values()) {
        List<Slot> inOrder =
            rank.slots().stream()
                .filter(slot -> GpuStream.of(slot.operation()) == stream)
                .sorted(
                    Comparator.comparingDouble(Slot::startMicros)
                        .thenComparingDouble(Slot::busyEndMicros))
                .toList();
        for (int i = 1; i < inOrder.size(); i++) {
          assertTrue(inOrder.get(i - 1).busyEndMicros() <= inOrder.get(i).startMicros());
        }
      }
      for (Slot slot : rank.slots()) {
        assertEquals(slot.cost().micros(), slot.micros(), 1e-9 * (1 + slot.endMicros()));
        for (int earlier : slot.operation().after()) {
          assertTrue(rank.slots().get(earlier).endMicros() <= slot.startMicros());
        }
      }
    }
  }

  @Property(seed = SEED, tries = TRIES)
  void anExchangeStartsOnAllItsMembersAtOnceAndPhasesAddUpToTheStep(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 30) int operations,
      @ForAll @IntRange(min = 1, max = 3) int kinds) {
    List<RankKind> program = program(seed, operations, kinds);
    Schedule schedule = schedule(program, costs(1, 5, 3, 2));
    for (int kind = 0; kind < kinds; kind++) {
      for (Slot slot : schedule.ranks().get(kind).slots()) {
        if (slot.operation() instanceof Transfer transfer) {
          for (int rank : transfer.group().ranks()) {
            Slot there = schedule.ranks().get(rank % kinds).slots().get(transfer.index());
            assertEquals(slot.startMicros(), there.startMicros(), 0);
          }
        }
      }
    }
    double exposed =
        schedule.exposedMicros().values().stream().mapToDouble(Double::doubleValue).sum();
    assertEquals(schedule.ttlMicros(), exposed, 1e-9 * (1 + exposed));
  }

  @Test
  void theSlowestKindOfRankHoldsUpACollective() {
    List<RankKind> kinds =
        IntStream.of(0, 1)
            .mapToObj(
                rank -> {
                  TraceBuilder trace = new TraceBuilder();
                  int before = trace.launch(TensorLaunch.LINEAR, Phase.FFN, 10 + 30 * rank);
                  trace.transfer(TransferKind.ALL_REDUCE, Phase.ALL_REDUCE, 2, 4, before);
                  return trace.on(rank);
                })
            .toList();
    assertEquals(1 + 40 + 5 + 2, schedule(kinds, costs(1, 5, 1, 2)).ttlMicros(), 1e-12);
  }
}
