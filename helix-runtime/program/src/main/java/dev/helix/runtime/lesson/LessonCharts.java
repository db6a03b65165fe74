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

  /** How many layouts of the line of each frontier gain from HOP-B if each piece pays. */
  Map<String, LessonFrontiers.Gain> gains() {
    return frontiers.gains();
  }

  /**
   * Times in µs by the names that sentences use: of the whole step, and of attention and the
   * exchange in one layer.
   */
  Map<String, Double> times() {
    Map<String, Double> times = new LinkedHashMap<>();
    for (LayerTime one : layers) {
      times.put(one.name(), one.time().ttlMicros());
      times.put(one.name() + "Attention", one.micros(Phase.ATTENTION));
      times.put(one.name() + "Exchange", one.micros(Phase.ALL_TO_ALL));
    }
    return times;
  }
}
