package dev.helix.runtime.chart;

import java.util.List;
import java.util.stream.Stream;

/**
 * Where the parts of a drawing stand, in pixels from its upper left corner. The width of text is
 * estimated from its number of characters, as nothing here knows a font.
 */
record Frame(double left, double top, double right, double bottom, boolean legendBeside) {
  private static final double CHARACTER = 7;
  private static final double LINE = 20;

  static Frame of(SvgChart chart, Scale x, Scale y) {
    double legend = 60 + CHARACTER * longest(chart.series().stream().map(LegendDrawing::text));
    boolean beside = legend < 0.35 * chart.size().width();
    double left = 46 + CHARACTER * longest(y.ticks().stream().map(Scale.Tick::label));
    double right = chart.size().width() - (beside && !chart.series().isEmpty() ? legend : 24);
    double below = 58;
    if (slanted(x, right - left)) {
      below += 0.6 * CHARACTER * longest(x.ticks().stream().map(Scale.Tick::label));
    }
    if (!beside) {
      below += LINE * chart.series().size();
    }
    return new Frame(left, 44, right, chart.size().height() - below, beside);
  }

  /** Whether names below the axis have to be slanted, as they would run into each other. */
  static boolean slanted(Scale x, double width) {
    return x.slot() > 0
        && CHARACTER * longest(x.ticks().stream().map(Scale.Tick::label)) > x.slot() * width;
  }

  double x(Scale scale, double value) {
    return left + scale.place(value) * (right - left);
  }

  /** Numbers rise upwards; categories are read from top to bottom. */
  double y(Scale scale, double value) {
    double place = scale.place(value);
    return scale.slot() > 0 ? top + place * (bottom - top) : bottom - place * (bottom - top);
  }

  double width() {
    return right - left;
  }

  double height() {
    return bottom - top;
  }

  /** Left end of the legend's entry of a series. */
  double legendX() {
    return legendBeside ? right + 16 : left;
  }

  double legendY(int entry, SvgChart chart) {
    return legendBeside
        ? top + 8 + LINE * entry
        : chart.size().height() - LINE * (chart.series().size() - entry) + 6;
  }

  /** Where the label of the horizontal axis stands. */
  double axisLabelY(SvgChart chart) {
    return chart.size().height() - 14 - (legendBeside ? 0 : LINE * chart.series().size());
  }

  private static int longest(Stream<String> texts) {
    List<String> all = texts.toList();
    return all.stream().mapToInt(text -> text.codePointCount(0, text.length())).max().orElse(0);
  }
}
