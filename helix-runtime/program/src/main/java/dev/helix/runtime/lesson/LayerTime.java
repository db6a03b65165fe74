package dev.helix.runtime.lesson;

import dev.helix.runtime.strategy.PlacementRule;
import dev.helix.runtime.strategy.helix.HelixStrategy;
import dev.helix.runtime.sweep.Configuration;
import dev.helix.runtime.sweep.Deployment;
import dev.helix.runtime.sweep.HopB;
import dev.helix.runtime.sweep.Plan;
import dev.helix.runtime.sweep.StrategyKind;
import dev.helix.runtime.timing.report.StepTime;
import dev.helix.runtime.timing.schedule.Accounting;
import dev.helix.runtime.timing.schedule.Slot;
import dev.helix.runtime.trace.LoadModel;
import dev.helix.runtime.trace.StepTracer;
import dev.helix.tensor.mesh.Layout;
import dev.helix.tensor.program.Phase;
import dev.helix.tensor.program.Place;
import java.util.List;

/**
 * A step of Llama 3.1 405B in the layout of the timelines, of which one layer is drawn.
 *
 * @param name the name by which sentences and drawings know it
 * @param configuration its layout, its batch, and whether HOP-B is on
 * @param time the time of the whole step
 */
record LayerTime(String name, Configuration configuration, StepTime time) {
  static final String MODEL = "llama-405b";

  /** Number of tokens to which each request attends. */
  static final int CONTEXT = 1_000_000;

  /** Number of requests, and of the pieces of HOP-B. */
  static final int BATCH = 8;

  /** All layers of this model are alike, so that any of them can be drawn. */
  private static final Place LAYER = Place.layer(1);

  /** The step without HOP-B, and with it under both accountings. */
  static List<LayerTime> all(Deployment deployment) {
    return List.of(
        of("off", HopB.OFF, deployment),
        of("idealised", new HopB(BATCH, Accounting.IDEALISED), deployment),
        of("perPiece", new HopB(BATCH, Accounting.PER_PIECE), deployment));
  }

  /** The command that prints the time of the step with HOP-B, under both accountings. */
  static String command() {
    return "java -jar helix.jar time --model %s --context %d --preset %s %s"
        .formatted(
            MODEL,
            CONTEXT,
            LessonCharts.PRESET,
            configuration(new HopB(BATCH, Accounting.IDEALISED)).timeOptions());
  }

  private static LayerTime of(String name, HopB hopB, Deployment deployment) {
    Configuration configuration = configuration(hopB);
    return new LayerTime(
        name,
        configuration,
        StepTime.of(
            deployment.machine(),
            StepTracer.trace(
                deployment.model(),
                configuration.strategy(),
                BATCH,
                deployment.context(),
                deployment.precision(),
                new LoadModel.UniformExpectation()),
            BATCH,
            hopB.accounting()));
  }

  private static Configuration configuration(HopB hopB) {
    HelixStrategy strategy =
        new HelixStrategy(
            Layout.dense(8, 8), PlacementRule.roundRobin(PlacementRule.PAPER_RUN_LENGTH));
    return new Configuration(new Plan(StrategyKind.HELIX, strategy), BATCH, hopB, 1);
  }

  /** What the first GPU does in the layer that is drawn. */
  List<Slot> slots() {
    return time.schedule().ranks().get(0).slots().stream()
        .filter(slot -> slot.operation().place().equals(LAYER))
        .toList();
  }

  /** Time of the layer, from the start of its first operation to the end of its last. */
  double micros() {
    return slots().stream().mapToDouble(Slot::endMicros).max().orElseThrow() - startMicros();
  }

  /** When the layer begins. */
  double startMicros() {
    return slots().stream().mapToDouble(Slot::startMicros).min().orElseThrow();
  }

  /** Time of all operations of a phase in the layer, whether something hides them or not. */
  double micros(Phase phase) {
    return slots().stream()
        .filter(slot -> slot.operation().phase() == phase)
        .mapToDouble(Slot::micros)
        .sum();
  }
}
