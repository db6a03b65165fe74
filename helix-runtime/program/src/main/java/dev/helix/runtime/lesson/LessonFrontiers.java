package dev.helix.runtime.lesson;

import dev.helix.runtime.chart.Axis;
import dev.helix.runtime.chart.Mark;
import dev.helix.runtime.chart.Series;
import dev.helix.runtime.chart.SvgChart;
import dev.helix.runtime.sweep.Configuration;
import dev.helix.runtime.sweep.Deployment;
import dev.helix.runtime.sweep.Frontier;
import dev.helix.runtime.sweep.HopB;
import dev.helix.runtime.sweep.Point;
import dev.helix.runtime.sweep.SearchSpace;
import dev.helix.runtime.sweep.StrategyKind;
import dev.helix.runtime.sweep.Sweep;
import dev.helix.runtime.timing.schedule.Accounting;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The layouts of the last step that no other beats, for both models and two contexts. */
final class LessonFrontiers {
  /** The contexts, in tokens. */
  static final List<Integer> CONTEXTS = List.of(100_000, LayerTime.CONTEXT);

  /** The models, and how people write their names. */
  static final Map<String, String> MODELS = models();

  /** The numbers of requests that are tried. The timelines' is among them. */
  static final List<Integer> BATCHES = List.of(1, 4, 8, 16, 64, 128);

  /** The most GPUs that a layout may have. */
  static final int GPUS = 64;

  /** The lines of a chart, from the back to the front. */
  enum Line {
    TP(StrategyKind.TP),
    DP(StrategyKind.DP_EP),
    HELIX_OFF(StrategyKind.HELIX),
    HELIX_IDEALISED(StrategyKind.HELIX),
    /** Not drawn, because it hardly differs from that without HOP-B. */
    HELIX_PER_PIECE(StrategyKind.HELIX);

    private final StrategyKind kind;

    Line(StrategyKind kind) {
      this.kind = kind;
    }

    Frontier of(Sweep sweep) {
      return sweep.frontier(
          point ->
              point.configuration().plan().kind() == kind && allows(point.configuration().hopB()));
    }

    private boolean allows(HopB hopB) {
      return !hopB.isOn()
          || switch (this) {
            case TP, DP, HELIX_OFF -> false;
            case HELIX_IDEALISED -> hopB.accounting() == Accounting.IDEALISED;
            case HELIX_PER_PIECE -> hopB.accounting() == Accounting.PER_PIECE;
          };
    }
  }

  /**
   * What HOP-B brings to the layouts that no other beats.
   *
   * @param points number of these layouts if each piece pays its own overhead
   * @param gaining how many of them have HOP-B on
   */
  record Gain(int points, long gaining) {}

  /**
   * A mark of a chart, for a table beside it.
   *
   * @param layout the layout, its batch and its pieces, as the mark's title has them
   * @param perUser tokens that a user gets in a second
   * @param perGpu tokens that a GPU gives in a second
   */
  record Charted(String layout, double perUser, double perGpu) {
    static Charted of(Configuration configuration, double perUser, double perGpu) {
      return new Charted(
          configuration.toString(),
          Math.round(10 * perUser) / 10.0,
          Math.round(100 * perGpu) / 100.0);
    }
  }

  /** A chart's model and context. */
  private record Plane(String model, int context) {
    String name() {
      return "pareto-" + model + "-" + context;
    }

    Deployment deployment() {
      return LessonCharts.deployment(model, context);
    }

    /** Whether the timelines are of this model and context. */
    boolean hasTimelines() {
      return model.equals(LayerTime.MODEL) && context == LayerTime.CONTEXT;
    }
  }

  private static final List<Line> DRAWN =
      List.of(Line.TP, Line.DP, Line.HELIX_OFF, Line.HELIX_IDEALISED);

  private final List<LayerTime> layers;
  private final Map<Plane, Sweep> sweeps = new LinkedHashMap<>();

  /**
   * Times all layouts.
   *
   * @param layers the steps of the timelines, which the chart of their model and context marks
   */
  LessonFrontiers(List<LayerTime> layers) {
    this.layers = layers;
    for (String model : MODELS.keySet()) {
      for (int context : CONTEXTS) {
        Plane plane = new Plane(model, context);
        sweeps.put(plane, sweep(plane.deployment()));
      }
    }
  }

  private static Map<String, String> models() {
    Map<String, String> models = new LinkedHashMap<>();
    models.put(LayerTime.MODEL, "Llama 3.1 405B");
    models.put("deepseek-r1", "DeepSeek-R1");
    return Collections.unmodifiableMap(models);
  }

  /** Times the layouts of a chart, with HOP-B and without. */
  static Sweep sweep(Deployment deployment) {
    SearchSpace space =
        new SearchSpace(
            GPUS,
            List.of(StrategyKind.TP, StrategyKind.DP_EP, StrategyKind.HELIX),
            BATCHES,
            SearchSpace.Pieces.ALL);
    return Sweep.of(deployment, space, (plans, all) -> {});
  }

  Map<String, Gain> gains() {
    Map<String, Gain> gains = new LinkedHashMap<>();
    sweeps.forEach(
        (plane, sweep) -> {
          List<Point> points = Line.HELIX_PER_PIECE.of(sweep).points();
          gains.put(
              plane.name(),
              new Gain(
                  points.size(),
                  points.stream().filter(point -> point.configuration().hopB().isOn()).count()));
        });
    return gains;
  }

  /**
   * Layouts of TP and DP than which no layout of Helix is at least as good in both, by the chart's
   * name: the tokens that each gives to a user in a second.
   */
  Map<String, Map<Line, List<Long>>> unbeaten() {
    Map<String, Map<Line, List<Long>>> unbeaten = new LinkedHashMap<>();
    sweeps.forEach(
        (plane, sweep) -> {
          List<Point> helix = Line.HELIX_IDEALISED.of(sweep).points();
          Map<Line, List<Long>> rivals = new LinkedHashMap<>();
          for (Line line : List.of(Line.TP, Line.DP)) {
            rivals.put(
                line,
                line.of(sweep).points().stream()
                    .filter(point -> helix.stream().noneMatch(one -> isAtLeast(one, point)))
                    .map(point -> Math.round(point.tokensPerSecondPerUser()))
                    .toList());
          }
          unbeaten.put(plane.name(), rivals);
        });
    return unbeaten;
  }

  /** Whether a layout is as good as another or better, for a user and for a GPU. */
  static boolean isAtLeast(Point one, Point other) {
    return one.tokensPerSecondPerUser() >= other.tokensPerSecondPerUser()
        && one.tokensPerSecondPerGpu() >= other.tokensPerSecondPerGpu();
  }

  /** The marks of each chart by its name, and by the name of their line or their timeline. */
  Map<String, Map<String, List<Charted>>> charted() {
    Map<String, Map<String, List<Charted>>> charted = new LinkedHashMap<>();
    sweeps.forEach(
        (plane, sweep) -> {
          Map<String, List<Charted>> marks = new LinkedHashMap<>();
          for (Line line : DRAWN) {
            marks.put(
                line.name(),
                line.of(sweep).points().stream()
                    .map(
                        point ->
                            Charted.of(
                                point.configuration(),
                                point.tokensPerSecondPerUser(),
                                point.tokensPerSecondPerGpu()))
                    .toList());
          }
          if (plane.hasTimelines()) {
            for (LayerTime layer : layers) {
              marks.put(
                  layer.name(),
                  List.of(
                      Charted.of(
                          layer.configuration(),
                          layer.time().tokensPerSecondPerUser(),
                          layer.time().tokensPerSecondPerGpu())));
            }
          }
          charted.put(plane.name(), marks);
        });
    return charted;
  }

  Map<String, String> drawn(DrawingWidth width, ChartWords words) {
    Map<String, String> charts = new LinkedHashMap<>();
    sweeps.forEach(
        (plane, sweep) ->
            charts.put(plane.name() + width.suffix, chart(plane, sweep, width, words).svg()));
    return charts;
  }

  private SvgChart chart(Plane plane, Sweep sweep, DrawingWidth width, ChartWords words) {
    SvgChart chart =
        SvgChart.of(
            words
                .of("frontiers")
                .replace("{model}", MODELS.get(plane.model()))
                .replace("{context}", words.number(plane.context()))
                .replace("{gpus}", String.valueOf(GPUS)),
            axis("user", words),
            axis("gpu", words));
    for (Line line : DRAWN) {
      List<Mark> marks = line.of(sweep).points().stream().map(one -> mark(one, width)).toList();
      if (!marks.isEmpty()) {
        chart = chart.with(new Series.Line(words.of(line.name()), marks));
      }
    }
    if (plane.hasTimelines()) {
      for (LayerTime layer : layers) {
        String name = words.of("timeline").replace("{name}", words.of(layer.name()));
        chart = chart.with(new Series.Points(name, List.of(mark(layer, name))));
      }
    }
    return chart.sized(width.pixels, 400 + 20 * chart.series().size());
  }

  private static Axis axis(String name, ChartWords words) {
    return Axis.logarithmic(name).labelled(words.of(name));
  }

  /** On a telephone no pointer rests on a mark, and the layout stands in the table alone. */
  private static Mark mark(Point point, DrawingWidth width) {
    return new Mark(
        point.tokensPerSecondPerUser(),
        point.tokensPerSecondPerGpu(),
        width == DrawingWidth.NARROW ? "" : point.configuration().toString());
  }

  private static Mark mark(LayerTime layer, String name) {
    return new Mark(
        layer.time().tokensPerSecondPerUser(), layer.time().tokensPerSecondPerGpu(), name);
  }
}
