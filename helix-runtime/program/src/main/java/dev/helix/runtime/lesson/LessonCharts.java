package dev.helix.runtime.lesson;

import dev.helix.runtime.checkpoint.ModelShape;
import dev.helix.runtime.loading.DeployedPrecision;
import dev.helix.runtime.sweep.Deployment;
import dev.helix.runtime.timing.machine.Machine;
import dev.helix.tensor.program.Phase;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The numbers of the last step and its drawings, all from the time model and on one machine. */
final class LessonCharts {
  /** The preset of all times, as the command line calls it. */
  static final String PRESET = "silicon";

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

  /** All drawings in one language as SVG, by name. */
  Map<String, String> drawn(ChartWords words) {
    Map<String, String> charts = new LinkedHashMap<>();
    charts.put("hop-b-off", Timeline.of(layers, 1, words));
    charts.put("hop-b", Timeline.of(layers, layers.size(), words));
    charts.putAll(frontiers.drawn(words));
    return charts;
  }

  /** The layouts of TP and DP that Helix does not beat, by chart and line. */
  Map<String, Map<LessonFrontiers.Line, List<Long>>> unbeaten() {
    return frontiers.unbeaten();
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
   * Times in µs by the names that sentences use: of the whole step, of one layer, and of attention
   * and the exchange in it; of what is no layer; and what one piece of each costs.
   */
  static Map<String, Double> times(List<LayerTime> layers) {
    Map<String, Double> times = new LinkedHashMap<>();
    for (LayerTime one : layers) {
      times.put(one.name(), one.time().ttlMicros());
      times.put(one.name() + "Layer", one.micros());
      times.put(one.name() + "Attention", one.micros(Phase.ATTENTION));
      times.put(one.name() + "Exchange", one.micros(Phase.ALL_TO_ALL));
    }
    LayerTime off = layers.get(0);
    times.put("rest", off.time().ttlMicros() - LAYERS * off.micros());
    times.put("overhead", overhead(layers, Phase.ATTENTION));
    times.put("exchangeOverhead", overhead(layers, Phase.ALL_TO_ALL));
    times.put("lastExchange", layers.get(2).micros(Phase.ALL_TO_ALL) / LayerTime.BATCH);
    return times;
  }

  /**
   * What a piece pays beside its share of the work: all pieces together do the same work as the
   * whole, and pay once for each piece in place of once.
   */
  private static double overhead(List<LayerTime> layers, Phase phase) {
    return (layers.get(2).micros(phase) - layers.get(0).micros(phase)) / (LayerTime.BATCH - 1);
  }
}
