package dev.helix.runtime.lesson;

import dev.helix.runtime.checkpoint.ModelShape;
import dev.helix.runtime.loading.DeployedPrecision;
import dev.helix.runtime.sweep.Deployment;
import dev.helix.runtime.timing.machine.Machine;
import dev.helix.tensor.program.Phase;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The numbers of the last step and its drawings, all from the time model and on one machine. */
final class LessonCharts {
  /** The preset of all times, as the command line calls it. */
  static final String PRESET = "silicon";

  /** Digits behind the point of the times that sentences add up. */
  static final int DIGITS = 4;

  private static final int LAYERS = ModelShape.of(LayerTime.MODEL).config().layers();

  private final List<LayerTime> layers =
      LayerTime.all(deployment(LayerTime.MODEL, LayerTime.CONTEXT));
  private final LessonFrontiers frontiers = new LessonFrontiers(layers);

  /** What is served, and on what. Timelines and frontiers have the same machine and formats. */
  static Deployment deployment(String model, int context) {
    return new Deployment(
        ModelShape.of(model).config(),
        Machine.named("gb200", PRESET),
        DeployedPrecision.FP4,
        context);
  }

  /** All drawings in one language and of each width as SVG, by name. */
  Map<String, String> drawn(ChartWords words) {
    Map<String, String> charts = new LinkedHashMap<>();
    for (DrawingWidth width : DrawingWidth.values()) {
      ChartWords own = words.in(width);
      charts.put("hop-b-off" + width.suffix, Timeline.of(layers, 1, width, own));
      charts.put("hop-b" + width.suffix, Timeline.of(layers, layers.size(), width, own));
      charts.putAll(frontiers.drawn(width, own));
    }
    return charts;
  }

  /** The layouts of TP and DP that Helix does not beat, by chart and line. */
  Map<String, Map<LessonFrontiers.Line, List<Long>>> unbeaten() {
    return frontiers.unbeaten();
  }

  /** The marks of each chart, for a table beside it. */
  Map<String, Map<String, List<LessonFrontiers.Charted>>> charted() {
    return frontiers.charted();
  }

  /** How many layouts of the line of each frontier gain from HOP-B if each piece pays. */
  Map<String, LessonFrontiers.Gain> gains() {
    return frontiers.gains();
  }

  /** The times of the page's own steps. */
  Map<String, Double> times() {
    return times(layers);
  }

  /**
   * Times in µs by the names that sentences use. Those of whole steps are as they are. The parts of
   * a layer are rounded, and sums are sums of these rounded parts, so that a reader who adds up
   * what the page prints gets what it prints.
   */
  static Map<String, Double> times(List<LayerTime> layers) {
    LayerTime off = layers.get(0);
    double layer = rounded(off.micros());
    Pieces attention = Pieces.of(Phase.ATTENTION, layers);
    Pieces exchange = Pieces.of(Phase.ALL_TO_ALL, layers);
    Pieces merge = Pieces.of(Phase.MERGE, layers);
    double starts = (LayerTime.BATCH - 1) * attention.overhead;
    double visible = layer - exchange.whole - merge.whole;
    Map<String, Double> times = new LinkedHashMap<>();
    layers.forEach(one -> times.put(one.name(), one.time().ttlMicros()));
    times.put("rest", rounded(off.time().ttlMicros() - LAYERS * off.micros()));
    attention.putInto(times, "Attention");
    exchange.putInto(times, "Exchange");
    merge.putInto(times, "Merge");
    times.put("offLayer", layer);
    times.put("idealisedLayer", rounded(visible + exchange.sharing() + merge.sharing()));
    times.put("perPieceAttention", rounded(attention.whole + starts));
    times.put("perPieceLayer", rounded(visible + starts + exchange.paying() + merge.paying()));
    return times;
  }

  private static double rounded(double micros) {
    return BigDecimal.valueOf(micros).setScale(DIGITS, RoundingMode.HALF_EVEN).doubleValue();
  }

  /**
   * What a phase of the layer takes if HOP-B is off, and what its pieces take if it is on.
   *
   * @param whole time of the phase if HOP-B is off, rounded, in µs
   * @param overhead the part of it that does not shrink with a piece's share of the work, likewise
   */
  private record Pieces(double whole, double overhead) {
    /**
     * Pieces that each pay their overhead do the same work as the whole, and pay once for each
     * piece in place of once.
     */
    static Pieces of(Phase phase, List<LayerTime> layers) {
      double whole = layers.get(0).micros(phase);
      double paid = layers.get(2).micros(phase) - whole;
      return new Pieces(rounded(whole), rounded(paid / (LayerTime.BATCH - 1)));
    }

    /** One piece, if all of them share one overhead. */
    double sharing() {
      return rounded(whole / LayerTime.BATCH);
    }

    /** One piece, if each pays its own overhead. */
    double paying() {
      return rounded(overhead + (whole - overhead) / LayerTime.BATCH);
    }

    void putInto(Map<String, Double> times, String phase) {
      times.put("off" + phase, whole);
      times.put("overhead" + phase, overhead);
      times.put("sharing" + phase, sharing());
      times.put("paying" + phase, paying());
    }
  }
}
