package dev.helix.runtime.sweep.report;

import dev.helix.runtime.chart.Axis;
import dev.helix.runtime.chart.Mark;
import dev.helix.runtime.chart.Series;
import dev.helix.runtime.chart.SvgChart;
import dev.helix.runtime.sweep.Deployment;
import dev.helix.runtime.sweep.Frontier;
import dev.helix.runtime.sweep.Frontiers;
import dev.helix.runtime.sweep.StrategyKind;
import dev.helix.runtime.trace.RankMemory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.ToDoubleFunction;

/** Draws what a sweep found. */
public final class SweepCharts {
  private static final int BATCH = 8;

  private SweepCharts() {}

  /** The frontiers of strategies, and that of all of them. */
  public static SvgChart pareto(SweepQuestion question, Frontiers frontiers) {
    SvgChart chart = plane("Frontiers of " + question.title());
    for (Map.Entry<StrategyKind, Frontier> own : frontiers.each().entrySet()) {
      chart = chart.with(line(own.getKey().toString(), own.getValue()));
    }
    return chart;
  }

  /** An empty chart of tokens/s/GPU against tokens/s/user. */
  public static SvgChart plane(String title) {
    return SvgChart.of(title, Axis.logarithmic("tokens/s/user"), Axis.logarithmic("tokens/s/GPU"));
  }

  /** A frontier as a line. */
  public static Series line(String name, Frontier frontier) {
    return new Series.Line(
        name,
        frontier.points().stream()
            .map(
                point ->
                    new Mark(
                        point.tokensPerSecondPerUser(),
                        point.tokensPerSecondPerGpu(),
                        SweepTable.words(point).strip()))
            .toList());
  }

  /**
   * How long a GPU reads its weights, and the caches of eight requests, if it reaches its full
   * bandwidth: for each number of GPUs under tensor parallelism and under Helix. It is a bound for
   * every TTL.
   */
  public static SvgChart roofline(SweepQuestion question, Deployment deployment) {
    List<Mark> weights = new ArrayList<>();
    List<Mark> duplicated = new ArrayList<>();
    List<Mark> split = new ArrayList<>();
    Roofs roofs = new Roofs(deployment, BATCH);
    for (int gpus = 1; gpus <= question.space().gpus(); gpus *= 2) {
      Optional<RankMemory> tp = roofs.memory(StrategyKind.TP, gpus);
      tp.ifPresent(add(weights, gpus, roofs::weightMillis));
      tp.ifPresent(add(duplicated, gpus, roofs::kvMillis));
      roofs.memory(StrategyKind.HELIX, gpus).ifPresent(add(split, gpus, roofs::kvMillis));
    }
    return SvgChart.of(
            "Reading from memory in a step of " + BATCH + " requests: " + question.served().model(),
            Axis.doubling("GPUs"),
            Axis.logarithmic("ms"))
        .with(new Series.Line("weights, TP or Helix", weights))
        .with(new Series.Line("KV cache, TP", duplicated))
        .with(new Series.Line("KV cache, Helix", split));
  }

  private static Consumer<RankMemory> add(
      List<Mark> to, int gpus, ToDoubleFunction<RankMemory> millis) {
    return memory -> {
      double value = millis.applyAsDouble(memory);
      to.add(new Mark(gpus, value, "%d GPUs: %.3f ms".formatted(gpus, value)));
    };
  }
}
