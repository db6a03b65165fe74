package dev.helix.runtime.sweep;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.helix.runtime.checkpoint.ModelShape;
import dev.helix.runtime.loading.DeployedPrecision;
import dev.helix.runtime.strategy.PlacementRule;
import dev.helix.runtime.strategy.Strategy;
import dev.helix.runtime.strategy.dataparallel.DataParallelStrategy;
import dev.helix.runtime.strategy.helix.HelixStrategy;
import dev.helix.runtime.strategy.medha.MedhaStrategy;
import dev.helix.runtime.strategy.pipeline.PipelineStrategy;
import dev.helix.runtime.strategy.tensorparallel.TensorParallelStrategy;
import dev.helix.runtime.timing.machine.Machine;
import dev.helix.runtime.timing.memory.GpuMemory;
import dev.helix.runtime.timing.memory.StepMemory;
import dev.helix.runtime.timing.report.StepTime;
import dev.helix.runtime.trace.LoadModel;
import dev.helix.runtime.trace.StepTracer;
import dev.helix.tensor.mesh.Layout;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class SweepLawsTest {
  private static final PlacementRule PAGED =
      PlacementRule.roundRobin(PlacementRule.PAPER_RUN_LENGTH);

  private record Case(Deployment deployment, Sweep sweep) {
    static Case of(String model, String preset, int gpus) {
      Deployment deployment =
          new Deployment(
              ModelShape.of(model).config(),
              Machine.named("gb200", preset),
              DeployedPrecision.FP4,
              200_000);
      SearchSpace space =
          new SearchSpace(
              gpus, List.of(StrategyKind.values()), List.of(1, 2, 4), SearchSpace.Pieces.ALL);
      return new Case(deployment, Sweep.of(deployment, space, (done, all) -> {}));
    }
  }

  private static final List<Case> CASES =
      List.of(Case.of("llama-405b", "paper", 16), Case.of("deepseek-r1", "silicon", 4));

  private static final GpuMemory ANY = CASES.get(0).sweep.points().get(0).memory();

  static Stream<Case> cases() {
    return CASES.stream();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void aFrontierFallsAndNoPointBeatsIt(Case one) {
    Frontier frontier = one.sweep.frontier();
    for (int i = 1; i < frontier.points().size(); i++) {
      Point fast = frontier.points().get(i - 1);
      Point slow = frontier.points().get(i);
      assertTrue(fast.tokensPerSecondPerUser() > slow.tokensPerSecondPerUser());
      assertTrue(fast.tokensPerSecondPerGpu() < slow.tokensPerSecondPerGpu());
    }
    for (Point point : one.sweep.points()) {
      assertTrue(
          frontier.points().stream()
              .anyMatch(
                  best ->
                      best.tokensPerSecondPerUser() >= point.tokensPerSecondPerUser()
                          && best.tokensPerSecondPerGpu() >= point.tokensPerSecondPerGpu()),
          () -> point + " is beaten by no point of the frontier");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"llama-405b", "deepseek-r1"})
  void aSweepTriesMoreThanAHundredThousandConfigurations(String model) {
    SearchSpace space =
        new SearchSpace(
            64, List.of(StrategyKind.values()), SearchSpace.ALL_BATCHES, SearchSpace.Pieces.ALL);
    int size = space.size(ModelShape.of(model).config());
    assertTrue(size > 100_000, () -> size + " configurations");
  }

  @ParameterizedTest
  @MethodSource("cases")
  void oneMoreStrategyWorsensNoFrontier(Case one) {
    Frontier all = one.sweep.frontier();
    for (StrategyKind left : StrategyKind.values()) {
      Frontier fewer = one.sweep.frontier(p -> p.configuration().plan().kind() != left);
      for (Point point : fewer.points()) {
        double user = point.tokensPerSecondPerUser();
        // Logarithms and back take five roundings of at most an ULP each, and are monotone.
        double rounding = 1 - 8 * Math.ulp(1.0);
        assertTrue(
            all.perGpuAt(user).orElseThrow() >= point.tokensPerSecondPerGpu() * rounding,
            () -> "without " + left + " the frontier is better at " + point);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void aPointOfAFrontierTakesTheTimeOfItsStepAlone(Case one) {
    int timed = 0;
    for (StrategyKind kind : StrategyKind.values()) {
      for (Point point : one.sweep.frontier(kind).points()) {
        Configuration its = point.configuration();
        int requests = its.batch() / its.plan().groups();
        boolean byRequest = !its.hopB().isOn() || its.hopB().pieces() == requests;
        if (byRequest) {
          StepTime alone = alone(one.deployment, its);
          long operations =
              alone.schedule().ranks().stream().mapToLong(rank -> rank.slots().size()).sum();
          // As in LayoutTimesTest: roundings of sums, and a byte of each operation.
          double rounding = operations * (Math.ulp(alone.ttlMicros()) + 2e-6);
          assertEquals(alone.ttlMicros(), point.ttlMicros(), rounding, its::toString);
          StepMemory memory = StepMemory.of(one.deployment.machine(), alone.trace());
          assertEquals(memory.fullest(), point.memory(), its::toString);
          timed++;
        }
      }
    }
    assertTrue(timed >= 8, "only " + timed + " points were timed alone");
  }

  private static StepTime alone(Deployment deployment, Configuration its) {
    return StepTime.of(
        deployment.machine(),
        StepTracer.trace(
            deployment.model(),
            its.strategy(),
            its.batch(),
            deployment.context(),
            deployment.precision(),
            new LoadModel.UniformExpectation()),
        its.batch(),
        its.hopB().accounting());
  }

  @Test
  void onOneGpuAllStrategiesAreOne() {
    Deployment deployment =
        new Deployment(
            ModelShape.of("llama-405b").config(),
            Machine.named("gb200", "silicon"),
            DeployedPrecision.FP4,
            10_000);
    Layout one = Layout.dense(1, 1);
    double ttl = ttl(deployment, StrategyKind.TP, new TensorParallelStrategy(one));
    assertEquals(ttl, ttl(deployment, StrategyKind.HELIX, new HelixStrategy(one, PAGED)));
    assertEquals(ttl, ttl(deployment, StrategyKind.TP_PP, new PipelineStrategy(1, one, 1)));
    assertEquals(
        ttl, ttl(deployment, StrategyKind.DP_EP, new DataParallelStrategy(1, 1, 1, PAGED, false)));
    assertEquals(ttl, ttl(deployment, StrategyKind.MEDHA, new MedhaStrategy(1, 1, 1, 1, PAGED)));
  }

  private static double ttl(Deployment deployment, StrategyKind kind, Strategy strategy) {
    return new LayoutTimes(deployment, new Plan(kind, strategy), deployment.request(), 1)
        .ttlMicros(3, HopB.OFF, 1);
  }

  private static Point point(StrategyKind kind, Strategy strategy, int batch, double ttl) {
    return new Point(new Configuration(new Plan(kind, strategy), batch, HopB.OFF, 1), ttl, ANY);
  }

  @Test
  void ofEqualsTheOneWithFewerGpusThenTheSmallerBatchThenTheSimplerStrategyStays() {
    Strategy four = new HelixStrategy(Layout.dense(1, 4), PAGED);
    Strategy two = new HelixStrategy(Layout.dense(1, 2), PAGED);
    Strategy tensor = new TensorParallelStrategy(Layout.dense(1, 2));
    Point wide = point(StrategyKind.HELIX, four, 4, 1000);
    Point narrow = point(StrategyKind.HELIX, two, 2, 1000);
    Point simple = point(StrategyKind.TP, tensor, 2, 1000);
    assertEquals(List.of(simple), Frontier.of(List.of(wide, narrow, simple)).points());
    assertEquals(List.of(narrow), Frontier.of(List.of(wide, narrow)).points());
  }

  @Test
  void betweenTwoPointsTheLogarithmsLieOnAStraightLine() {
    Strategy one = new TensorParallelStrategy(Layout.dense(1, 1));
    Point fast = point(StrategyKind.TP, one, 1, 10_000);
    Point slow = point(StrategyKind.TP, one, 16, 40_000);
    Frontier frontier = Frontier.of(List.of(slow, fast));
    // From (100, 100) to (25, 400): halfway in the logarithm stands (50, 200).
    assertEquals(200, frontier.perGpuAt(50).orElseThrow(), 200 * 8 * Math.ulp(1.0));
    assertEquals(50, frontier.perUserAt(200).orElseThrow(), 50 * 8 * Math.ulp(1.0));
    assertEquals(400, frontier.perGpuAt(1).orElseThrow(), 1e-12);
    assertFalse(frontier.perGpuAt(101).isPresent());
  }

  @Test
  void anAdjustmentOfOverheadsIsThatOfEachExchangeAndLaunch() {
    Case one = CASES.get(0);
    SearchSpace space =
        new SearchSpace(8, List.of(StrategyKind.TP), List.of(2), SearchSpace.Pieces.NONE);
    List<Sweep> both =
        Sweep.varied(
            one.deployment,
            space,
            List.of(Adjustment.NONE, new Adjustment(3, 0), new Adjustment(0, 1)),
            (done, all) -> {});
    for (int i = 0; i < both.get(0).points().size(); i++) {
      int gpus = both.get(0).points().get(i).configuration().plan().gpus();
      double ttl = both.get(0).points().get(i).ttlMicros();
      // Two all-reduces a layer and the gather of logits, all exposed; four GEMMs and the head's.
      double exchanges = gpus == 1 ? 0 : 3.0 * (2 * 126 + 1);
      double rounding = 4000 * Math.ulp(ttl);
      assertEquals(ttl + exchanges, both.get(1).points().get(i).ttlMicros(), rounding);
      assertEquals(ttl + 4 * 126 + 1, both.get(2).points().get(i).ttlMicros(), rounding);
    }
  }
}
