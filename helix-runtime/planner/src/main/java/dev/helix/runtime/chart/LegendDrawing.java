package dev.helix.runtime.chart;

/** Draws the legend of a chart: how each series looks, and its name. */
final class LegendDrawing {
  private final SvgChart chart;
  private final Svg svg;
  private final Frame frame;

  LegendDrawing(SvgChart chart, Svg svg, Frame frame) {
    this.chart = chart;
    this.svg = svg;
    this.frame = frame;
  }

  void draw() {
    for (int i = 0; i < chart.series().size(); i++) {
      Series one = chart.series().get(i);
      Pen pen = Pen.of(i);
      double left = frame.legendX();
      double middle = frame.legendY(i, chart);
      if (one instanceof Series.Line) {
        svg.empty(
            "path",
            "d",
            Svg.line(left, middle, left + 32, middle),
            "stroke",
            pen.colour,
            "stroke-width",
            2,
            "stroke-dasharray",
            pen.dash);
      }
      if (one instanceof Series.Bars) {
        svg.empty(
            "rect",
            "x",
            left + 8,
            "y",
            middle - 7,
            "width",
            16,
            "height",
            14,
            "fill",
            "url(#" + chart.hatching(i) + ")",
            "stroke",
            pen.colour);
      } else if (one instanceof Series.Points) {
        pen.markAlone(svg, one.name(), left + 16, middle);
      } else if (one instanceof Series.Line) {
        pen.mark(svg, one.name(), left + 16, middle);
      }
      svg.text(text(one), "text", "x", left + 40, "y", middle + 4, "fill", Drawing.INK);
    }
  }

  /** The name; of cells also the ends of their shades. */
  static String text(Series one) {
    if (one instanceof Series.Cells cells && !cells.cells().isEmpty()) {
      Cell low = extreme(cells, -1);
      Cell high = extreme(cells, 1);
      return cells.name() + ": " + low.text() + " (light) to " + high.text() + " (dark)";
    }
    return one.name();
  }

  private static Cell extreme(Series.Cells cells, int sign) {
    return cells.cells().stream()
        .reduce((a, b) -> sign * Double.compare(b.value(), a.value()) > 0 ? b : a)
        .orElseThrow();
  }
}
