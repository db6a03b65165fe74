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
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The drawings of the last step, from the time model. */
final class LessonCharts {
  /** The contexts of the frontiers, in tokens. */
  static final List<Integer> CONTEXTS = List.of(100_000, 1_000_000);

  /** The context of the timelines, in tokens. */
  private static final int CONTEXT = 1_000_000;

  private static final int BATCH = 8;
  private static final String OVERLAPPED = "llama-405b";

  /** The models of the frontiers, and how people write their names. */
  static final Map<String, String> MODELS = models();

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

  private static Map<String, String> models() {
    Map<String, String> models = new LinkedHashMap<>();
    models.put(OVERLAPPED, "Llama 3.1 405B");
    models.put("deepseek-r1", "DeepSeek-R1");
    return Collections.unmodifiableMap(models);
  }

  /** The frontiers of strategies for each model and context as SVG, by name. */
  Map<String, String> frontiers() {
    Map<String, String> charts = new LinkedHashMap<>();
    for (String model : MODELS.keySet()) {
      for (int context : CONTEXTS) {
        charts.put("pareto-" + model + "-" + context, frontier(model, context).svg());
      }
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

  private SvgChart frontier(String model, int context) {
    Deployment deployment =
        new Deployment(ModelShape.of(model).config(), machine, DeployedPrecision.FP4, context);
    List<StrategyKind> kinds = List.of(StrategyKind.TP, StrategyKind.DP_EP, StrategyKind.HELIX);
    Sweep sweep =
        Sweep.of(deployment, new SearchSpace(64, kinds, BATCHES, false), (plans, all) -> {});
    SvgChart chart =
        SvgChart.of(
                String.format(
                    Locale.ROOT, "%s, %,d tokens, up to 64 GB200", MODELS.get(model), context),
                Axis.logarithmic("tokens/s/user"),
                Axis.logarithmic("tokens/s/GPU"))
            .sized(640, 420);
    for (StrategyKind kind : kinds) {
      List<Mark> marks = sweep.frontier(kind).points().stream().map(LessonCharts::mark).toList();
      if (!marks.isEmpty()) {
        chart = chart.with(new Series.Line(title(kind), marks));
      }
    }
    return chart;
  }

  private static String title(StrategyKind kind) {
    return switch (kind) {
      case TP -> "TP";
      case TP_PP -> "TP \u00d7 PP";
      case DP_EP -> "DP + EP";
      case HELIX -> "Helix";
      case MEDHA -> "Medha";
      case DP_HELIX -> "DP of Helix";
    };
  }

  private static Mark mark(Point point) {
    return new Mark(
        point.tokensPerSecondPerUser(),
        point.tokensPerSecondPerGpu(),
        point.configuration().toString());
  }
}
