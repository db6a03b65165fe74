package dev.helix.runtime.timing.schedule;

import static org.junit.jupiter.api.Assertions.assertEquals;
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
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Micro-batches follow each other through the stages of a pipeline that is kept full. */
class PipelineTest {
  /** A launch takes as many µs as it has bytes; a transfer 5 µs more, which the link is free. */
  private static Cost cost(Operation operation) {
    return operation instanceof Launch launch
        ? new Cost(0, launch.hbmBytes(), launch.hbmBytes())
        : new Cost(5, ((Transfer) operation).operandBytes(), 0);
  }

  /**
   * One rank for each stage.
   *
   * @param micros for each micro-batch how long each stage computes
   */
  private static List<RankKind> pipeline(int[][] micros) {
    int stages = micros[0].length;
    List<RankKind> kinds = new ArrayList<>();
    for (int stage = 0; stage < stages; stage++) {
      TraceBuilder trace = new TraceBuilder();
      for (int[] batch : micros) {
        trace.at(Place.Outside.EMBEDDING);
        int there = stage == 0 ? launch(trace, 0) : send(trace, stage - 1, 0);
        trace.at(Place.layer(stage));
        int computed = launch(trace, batch[stage], there);
        trace.at(Place.Outside.HEAD);
        if (stage + 1 < stages) {
          send(trace, stage, 2, computed);
        }
      }
      kinds.add(trace.on(stage));
    }
    return kinds;
  }

  private static int launch(TraceBuilder trace, int micros, Integer... after) {
    return trace.launch(TensorLaunch.LINEAR, Phase.FFN, micros, after);
  }

  private static int send(TraceBuilder trace, int from, int bytes, Integer... after) {
    List<Integer> link = List.of(from, from + 1);
    return bytes == 0
        ? trace.receive(Phase.PIPELINE, link)
        : trace.transfer(TransferKind.POINT_TO_POINT, Phase.PIPELINE, link, bytes, after);
  }

  private static Schedule schedule(List<RankKind> kinds) {
    return new Scheduler(PipelineTest::cost, Accounting.PER_PIECE).schedule(kinds);
  }

  private static void assertTtl(double expected, int[]... micros) {
    Schedule schedule = schedule(pipeline(micros));
    assertEquals(expected, schedule.ttlMicros(), 1e-12 * expected);
    for (Exposed part : schedule.exposed()) {
      assertTrue(part.micros() >= 0, () -> "an operation takes less than nothing: " + part);
    }
    double exposed =
        schedule.exposedMicros().values().stream().mapToDouble(Double::doubleValue).sum();
    assertEquals(expected, exposed, 1e-12 * expected);
  }

  @Test
  void aMicroBatchThatIsAloneTakesItsWayThroughAllStages() {
    assertTtl(10 + 7 + 20, new int[] {10, 20});
  }

  @Test
  void aRequestWaitsForItsWayOrForAllMicroBatchesInTheSlowestStage() {
    // The way of one is 10 + 7 + 15 = 32, and the second stage has 30 to do.
    assertTtl(32, new int[] {10, 15}, new int[] {10, 15});
    // With three of them the second stage has 45 to do, and is never idle.
    assertTtl(45, new int[] {10, 15}, new int[] {10, 15}, new int[] {10, 15});
    assertTtl(45, new int[] {15, 10}, new int[] {15, 10}, new int[] {15, 10});
  }

  @Test
  void ofUnequalMicroBatchesTheSlowestSetsThePace() {
    // Ways 37 and 43, stages 41 and 26.
    assertTtl(43, new int[] {11, 19}, new int[] {30, 6});
    assertTtl(43, new int[] {30, 6}, new int[] {11, 19});
  }

  /**
   * Neither a way (201 and two sends of 7) nor a stage (201) is the longest cycle. The longest has
   * six heavy launches and two sends, and passes two steps.
   */
  @Test
  void aCycleMayPassSeveralMicroBatchesAndStages() {
    assertTtl(
        (6 * 100 + 2 * 7) / 2.0,
        new int[] {100, 100, 1},
        new int[] {1, 100, 100},
        new int[] {100, 1, 100});
  }

  /**
   * The first stage has 98 to do and the second 99, which is later with each step. The first one
   * waits for its tokens only when the time by which they were early is used up.
   */
  @Test
  void aStageThatIsSlowerByAlmostNothingSetsThePace() {
    assertTtl(99, new int[] {19, 16}, new int[] {39, 18}, new int[] {23, 35}, new int[] {17, 30});
  }

  /** The TTL of 30 is rounded up, so that the chain seems to begin before its first operation. */
  @Test
  void nothingOfTheStepBeforeIsExposed() {
    TraceBuilder trace = new TraceBuilder();
    launch(trace, 10);
    launch(trace, 20);
    RankKind kind = trace.on(0);
    Operation first = kind.operations().get(0);
    Operation second = kind.operations().get(1);
    Optional<Waited> before = Optional.of(new Waited(new OperationAt(0, 1), true));
    Optional<Waited> same = Optional.of(new Waited(new OperationAt(0, 0), false));
    List<Slot> slots =
        List.of(
            new Slot(first, cost(first), 5, 15, 15, before),
            new Slot(second, cost(second), 15, 35, 35, same));
    Schedule rounded =
        new Schedule(
            List.of(new RankSchedule(0, slots)),
            StepProgram.of(List.of(kind)),
            30 + 2 * Math.ulp(35.0));
    assertEquals(List.of(new Exposed(second, 20), new Exposed(first, 10)), rounded.exposed());
  }

  @Test
  void whatArrivesForTheNextMicroBatchHoldsUpNoCollectiveOfThisOne() {
    List<RankKind> kinds = new ArrayList<>();
    TraceBuilder first = new TraceBuilder();
    for (int batch = 0; batch < 2; batch++) {
      first.at(Place.Outside.EMBEDDING);
      int computed = launch(first, 100);
      first.at(Place.Outside.HEAD);
      send(first, 0, 2, computed);
    }
    kinds.add(first.on(0));
    TraceBuilder second = new TraceBuilder();
    for (int batch = 0; batch < 2; batch++) {
      second.at(Place.Outside.EMBEDDING);
      int there = send(second, 0, 0);
      second.at(Place.layer(1));
      int computed = launch(second, 10, there);
      launch(
          second,
          10,
          second.transfer(TransferKind.ALL_REDUCE, Phase.ALL_REDUCE, List.of(1), 3, computed));
    }
    kinds.add(second.on(1));
    Schedule schedule = schedule(kinds);
    List<Slot> slots = schedule.ranks().get(1).slots();
    // The first state is there at 107, when the second one is still being computed.
    assertEquals(107 + 10, slots.get(2).startMicros(), 1e-12);
    assertEquals(107 + 10 + 8 + 10, slots.get(3).endMicros(), 1e-12);
    assertEquals(207, slots.get(4).endMicros(), 1e-12);
    assertEquals(200, schedule.ttlMicros(), 1e-12);
  }

  /** The same recurrence over so many steps that any cycle has been passed often. */
  private static double simulated(int[][] micros) {
    int stages = micros[0].length;
    int batches = micros.length;
    double[][] computed = new double[batches][stages];
    double[] sent = new double[stages];
    double[] arrived = new double[stages];
    double before = 0;
    int steps = 20_000;
    // A cycle passes at most as many steps as there are micro-batches and stages in sum, 6.
    int window = 60;
    for (int step = 0; step < steps; step++) {
      for (int batch = 0; batch < batches; batch++) {
        double there = computed[batch][stages - 1];
        for (int stage = 0; stage < stages; stage++) {
          double free = computed[Math.floorMod(batch - 1, batches)][stage];
          if (stage > 0) {
            double start = Math.max(there, Math.max(sent[stage - 1], arrived[stage]));
            sent[stage - 1] = start + 2;
            arrived[stage] = start + 2;
            there = start + 7;
          }
          computed[batch][stage] = Math.max(there, free) + micros[batch][stage];
          there = computed[batch][stage];
        }
      }
      if (step == steps - 1 - window) {
        before = computed[0][0];
      }
    }
    return (computed[0][0] - before) / window;
  }

  @Property(seed = "271828", tries = 60)
  void theTtlIsThatOfAPipelineThatHasRunForLong(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 3) int stages,
      @ForAll @IntRange(min = 2, max = 3) int batches) {
    Random random = new Random(seed);
    int[][] micros = new int[batches][stages];
    for (int[] batch : micros) {
      for (int stage = 0; stage < stages; stage++) {
        batch[stage] = 1 + random.nextInt(40);
      }
    }
    double expected = simulated(micros);
    assertTtl(expected, micros);
    Schedule schedule = schedule(pipeline(micros));
    assertTrue(schedule.criticalPathMicros() <= expected * (1 + 1e-12));
    assertTrue(expected <= schedule.serialMicros() * (1 + 1e-12));
  }
}
