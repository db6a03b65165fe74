package dev.helix.runtime.lesson;

import dev.helix.runtime.chart.Axis;
import dev.helix.runtime.chart.Mark;
import dev.helix.runtime.chart.Series;
import dev.helix.runtime.chart.SvgChart;
import dev.helix.runtime.checkpoint.ModelConfig;
import dev.helix.runtime.checkpoint.ModelShape;
import dev.helix.runtime.loading.DeployedPrecision;
import dev.helix.runtime.strategy.PlacementRule;
import dev.helix.runtime.strategy.helix.HelixStrategy;
import dev.helix.runtime.sweep.Deployment;
import dev.helix.runtime.sweep.Point;
import dev.helix.runtime.sweep.SearchSpace;
import dev.helix.runtime.sweep.StrategyKind;
import dev.helix.runtime.sweep.Sweep;
import dev.helix.runtime.timing.machine.Machine;
import dev.helix.runtime.timing.report.StepTime;
import dev.helix.runtime.timing.schedule.Accounting;
import dev.helix.runtime.trace.LoadModel;
import dev.helix.runtime.trace.StepTracer;
import dev.helix.tensor.mesh.Layout;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The drawings of the last step, from the time model. */
final class LessonCharts {
  /** The context of all drawings, in tokens. */
  static final int CONTEXT = 1_000_000;

  private static final int BATCH = 8;
  private static final String OVERLAPPED = "llama-405b";
  private static final List<String> MODELS = List.of(OVERLAPPED, "deepseek-r1");
  private static final List<Integer> BATCHES = List.of(1, 4, 16, 64, 128);

  private final Machine machine = Machine.named("gb200", "silicon");
  private final Map<String, String> timelines = new LinkedHashMap<>();
  private final Map<String, String> times = new LinkedHashMap<>();

  /** Times a step with HOP-B on and off. */
  LessonCharts() {
    add("hopb-off", "off", false, Accounting.IDEALISED);
    add("hopb-idealised", "idealised", true, Accounting.IDEALISED);
    add("hopb-per-piece", "perPiece", true, Accounting.PER_PIECE);
  }

  /** Timelines of one layer as SVG, by name. */
  Map<String, String> timelines() {
    return timelines;
  }

  /** The time of the whole step in µs, by the names that sentences use. */
  Map<String, String> times() {
    return times;
  }

  /** The frontiers of TP and of Helix for each model as SVG, by name. */
  Map<String, String> frontiers() {
    Map<String, String> charts = new LinkedHashMap<>();
    for (String model : MODELS) {
      charts.put("pareto-" + model, frontier(model).svg());
    }
    return charts;
  }

  private void add(String name, String sentence, boolean hopB, Accounting accounting) {
    ModelConfig model = ModelShape.of(OVERLAPPED).config();
    HelixStrategy strategy =
        new HelixStrategy(
            Layout.dense(8, 8), PlacementRule.roundRobin(PlacementRule.PAPER_RUN_LENGTH), hopB);
    StepTime time =
        StepTime.of(
            machine,
            StepTracer.trace(
                model,
                strategy,
                BATCH,
                CONTEXT,
                DeployedPrecision.FP4,
                new LoadModel.UniformExpectation()),
            BATCH,
            accounting);
    timelines.put(name, Timeline.ofLayer(1, time.schedule()));
    times.put(sentence, String.format(Locale.ROOT, "%,.0f", time.ttlMicros()));
  }

  private SvgChart frontier(String model) {
    Deployment deployment =
        new Deployment(ModelShape.of(model).config(), machine, DeployedPrecision.FP4, CONTEXT);
    List<StrategyKind> kinds = List.of(StrategyKind.TP, StrategyKind.HELIX);
    Sweep sweep =
        Sweep.of(deployment, new SearchSpace(64, kinds, BATCHES, false), (plans, all) -> {});
    SvgChart chart =
        SvgChart.of(
                model + ", a million tokens, up to 64 GB200 (modelled)",
                Axis.logarithmic("tokens/s/user"),
                Axis.logarithmic("tokens/s/GPU"))
            .sized(760, 420);
    for (StrategyKind kind : kinds) {
      List<Mark> marks = sweep.frontier(kind).points().stream().map(LessonCharts::mark).toList();
      chart = chart.with(new Series.Line(kind.toString(), marks));
    }
    return chart;
  }

  private static Mark mark(Point point) {
    return new Mark(
        point.tokensPerSecondPerUser(),
        point.tokensPerSecondPerGpu(),
        point.configuration().toString());
  }
}
