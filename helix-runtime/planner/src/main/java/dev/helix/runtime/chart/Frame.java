package dev.helix.runtime.chart;

import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.Stream;

/**
 * Where the parts of a drawing stand, in pixels from its upper left corner. The width of text is
 * estimated from its number of characters, as nothing here knows a font.
 *
 * @param axes the rectangle whose left and lower edges are the axes
 * @param marks the rectangle over which the scales run
 * @param legendBeside whether the legend stands beside the axes and not below
 */
record Frame(Box axes, Box marks, boolean legendBeside) {
  /** Edges of a rectangle. */
  record Box(double left, double top, double right, double bottom) {}

  /**
   * Distance from an axis's end to the outermost marks where these say how far the axis reaches. So
   * no marker lies on an axis.
   */
  private static final double MARGIN = 10;

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
    Box axes = new Box(left, 44, right, chart.size().height() - below);
    Box marks =
        new Box(
            axes.left + margin(x, chart.x().from()),
            axes.top + margin(y, chart.y().to()),
            axes.right - margin(x, chart.x().to()),
            axes.bottom - margin(y, chart.y().from()));
    return new Frame(axes, marks, beside);
  }

  /** An axis of categories, and an end that the caller has given, have no margin. */
  private static double margin(Scale scale, OptionalDouble end) {
    return scale.slot() > 0 || end.isPresent() ? 0 : MARGIN;
  }

  /** Whether names below the axis have to be slanted, as they would run into each other. */
  static boolean slanted(Scale x, double width) {
    return x.slot() > 0
        && CHARACTER * longest(x.ticks().stream().map(Scale.Tick::label)) > x.slot() * width;
  }

  double x(Scale scale, double value) {
    return marks.left + scale.place(value) * (marks.right - marks.left);
  }

  /** Numbers rise upwards; categories are read from top to bottom. */
  double y(Scale scale, double value) {
    double height = scale.place(value) * (marks.bottom - marks.top);
    return scale.slot() > 0 ? marks.top + height : marks.bottom - height;
  }

  /** Where a bar of a vertical scale stands: on the axis if that is where the scale begins. */
  double foot(Scale y) {
    return y.place(y.floor()) == 0 ? axes.bottom : y(y, y.floor());
  }

  double left() {
    return axes.left;
  }

  double top() {
    return axes.top;
  }

  double right() {
    return axes.right;
  }

  double bottom() {
    return axes.bottom;
  }

  double width() {
    return axes.right - axes.left;
  }

  double height() {
    return axes.bottom - axes.top;
  }

  /** Left end of the legend's entry of a series. */
  double legendX() {
    return legendBeside ? right() + 16 : left();
  }

  double legendY(int entry, SvgChart chart) {
    return legendBeside
        ? top() + 8 + LINE * entry
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
