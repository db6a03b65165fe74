package dev.helix.runtime.paper;

import dev.helix.runtime.chart.Axis;
import dev.helix.runtime.chart.Mark;
import dev.helix.runtime.chart.Series;
import dev.helix.runtime.chart.SvgChart;
import dev.helix.runtime.sweep.Frontier;
import dev.helix.runtime.sweep.report.SweepTable;
import dev.helix.runtime.timing.machine.Machine;
import dev.helix.runtime.timing.validation.Roofline;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;

/** Figures 1, 5, 6 and 7 of Helix Parallelism, redrawn from this model. */
public final class PaperFigures {
  private static final int KV_HEADS = 8;

  private PaperFigures() {}

  /**
   * Figure 1: the time to read cache and weights of a layer, for tensor parallelism alone, and for
   * KVP beside eight ranks of it (Appendix A).
   */
  public static SvgChart readsByGpus() {
    Machine machine = Machine.named("gb200", "paper");
    Roofline layer = Roofline.FIGURE_1;
    List<Mark> kvTp = new ArrayList<>();
    List<Mark> kvHelix = new ArrayList<>();
    List<Mark> weights = new ArrayList<>();
    for (int gpus = 1; gpus <= 64; gpus *= 2) {
      kvTp.add(micros(gpus, layer.kvMicros(machine, gpus, 1)));
      weights.add(micros(gpus, layer.weightMicros(machine, gpus, gpus)));
      if (gpus >= KV_HEADS) {
        kvHelix.add(micros(gpus, layer.kvMicros(machine, KV_HEADS, gpus / KV_HEADS)));
      }
    }
    List<Mark> split = new ArrayList<>();
    for (int gpus = KV_HEADS; gpus <= 64; gpus *= 2) {
      split.add(micros(gpus, layer.weightMicros(machine, KV_HEADS, gpus)));
    }
    return SvgChart.of(
            "Figure 1: reads of one layer at 1M tokens, B = 8",
            Axis.doubling("GPUs"),
            Axis.logarithmic("µs"))
        .with(new Series.Line("KV cache, TP", kvTp))
        .with(new Series.Line("weights, TP", weights))
        .with(new Series.Line("KV cache, TPA 8 × KVP", kvHelix))
        .with(new Series.Line("weights, TPA 8, TPF = N", split));
  }

  /** Figure 1, right: the time to read the cache of a layer by the length of the context. */
  public static SvgChart readsByContext() {
    Machine machine = Machine.named("gb200", "paper");
    SvgChart chart =
        SvgChart.of(
            "Figure 1: reads of the cache of one layer by context, TPA = 8, B = 8",
            Axis.doubling("thousand tokens"),
            Axis.logarithmic("µs"));
    for (int kvp = 1; kvp <= 8; kvp *= 2) {
      List<Mark> marks = new ArrayList<>();
      for (int tokens = 62_500; tokens <= 4_000_000; tokens *= 2) {
        Roofline one = Roofline.FIGURE_1;
        Roofline layer =
            new Roofline(
                one.batch(),
                tokens / kvp * kvp,
                one.queryHeads(),
                one.kvHeads(),
                one.headDim(),
                one.intermediate(),
                one.weights(),
                one.kv());
        marks.add(micros(tokens / 1000.0, layer.kvMicros(machine, KV_HEADS, kvp)));
      }
      chart = chart.with(new Series.Line("KVP " + kvp, marks));
    }
    return chart;
  }

  private static Mark micros(double x, double micros) {
    return new Mark(
        x,
        micros,
        "%s: %.1f µs"
            .formatted(BigDecimal.valueOf(x).stripTrailingZeros().toPlainString(), micros));
  }

  /**
   * Figures 5 and 6: the frontiers of Helix and of each baseline, with both axes in units of the
   * binding baseline's best.
   */
  public static SvgChart frontiers(String figure, ModelStudy study) {
    Frontier unit = study.baseline(Baselines.MEDHA_AS_TPA);
    SvgChart chart = normalised(figure + ": " + study.model() + " at 1M tokens, up to 64 GPUs");
    chart = chart.with(line("Helix", study.helix(ModelStudy.Overlap.IDEALISED, false), unit));
    chart = chart.with(line("TP", study.baseline(Baselines.TP_ALONE), unit));
    chart = chart.with(line("+ TP x PP", study.baseline(Baselines.WITH_PIPELINE), unit));
    chart = chart.with(line("+ Medha, FFN on 8", study.baseline(Baselines.MEDHA_ON_EIGHT), unit));
    return chart.with(line("all rivals", study.baseline(Baselines.EVERYTHING), unit));
  }

  /** Figure 7: Helix with HOP-B, in both accountings, and without. */
  public static SvgChart overlap(ModelStudy study) {
    Frontier unit = study.baseline(Baselines.MEDHA_AS_TPA);
    SvgChart chart = normalised("Figure 7: HOP-B on and off, " + study.model());
    for (ModelStudy.Overlap overlap : ModelStudy.Overlap.values()) {
      chart = chart.with(line(overlap.toString(), study.helix(overlap, false), unit));
    }
    return chart;
  }

  private static SvgChart normalised(String title) {
    return SvgChart.of(
        title,
        Axis.linear("tokens/s/user, baseline's best = 1").startingAt(0),
        Axis.logarithmic("tokens/s/GPU, baseline's best = 1"));
  }

  private static Series line(String name, Frontier frontier, Frontier unit) {
    return new Series.Line(
        name,
        frontier.points().stream()
            .map(
                point ->
                    new Mark(
                        point.tokensPerSecondPerUser() / unit.bestPerUser(),
                        point.tokensPerSecondPerGpu() / unit.bestPerGpu(),
                        SweepTable.words(point).strip()))
            .toList());
  }
}
