package dev.helix.runtime.chart;

/** Draws the axes of a chart with their labels and, where they are numbers, the grid. */
final class AxesDrawing {
  private static final String GRID = "#dddddd";

  private final SvgChart chart;
  private final Svg svg;
  private final Frame frame;

  AxesDrawing(SvgChart chart, Svg svg, Frame frame) {
    this.chart = chart;
    this.svg = svg;
    this.frame = frame;
  }

  void draw(Scale x, Scale y) {
    horizontal(x);
    vertical(y);
  }

  private void horizontal(Scale x) {
    boolean slanted = Frame.slanted(x, frame.width());
    for (Scale.Tick tick : x.ticks()) {
      double at = frame.x(x, tick.value());
      if (x.slot() == 0) {
        svg.empty("path", "d", Svg.line(at, frame.top(), at, frame.bottom()), "stroke", GRID);
      }
      double below = frame.bottom() + 18;
      if (slanted) {
        svg.text(
            tick.label(),
            "text",
            "text-anchor",
            "end",
            "fill",
            Drawing.INK,
            "transform",
            "translate(" + Svg.number(at + 4) + " " + Svg.number(below - 4) + ") rotate(-35)");
      } else {
        svg.text(
            tick.label(),
            "text",
            "x",
            at,
            "y",
            below,
            "text-anchor",
            "middle",
            "fill",
            Drawing.INK);
      }
    }
    svg.empty(
        "path",
        "d",
        Svg.line(frame.left(), frame.bottom(), frame.right(), frame.bottom()),
        "stroke",
        Drawing.INK);
    svg.text(
        chart.x().label(),
        "text",
        "x",
        (frame.left() + frame.right()) / 2,
        "y",
        frame.axisLabelY(chart),
        "text-anchor",
        "middle",
        "fill",
        Drawing.INK);
  }

  private void vertical(Scale y) {
    for (Scale.Tick tick : y.ticks()) {
      double at = frame.y(y, tick.value());
      if (y.slot() == 0) {
        svg.empty("path", "d", Svg.line(frame.left(), at, frame.right(), at), "stroke", GRID);
      }
      svg.text(
          tick.label(),
          "text",
          "x",
          frame.left() - 8,
          "y",
          at + 4,
          "text-anchor",
          "end",
          "fill",
          Drawing.INK);
    }
    svg.empty(
        "path",
        "d",
        Svg.line(frame.left(), frame.top(), frame.left(), frame.bottom()),
        "stroke",
        Drawing.INK);
    String middle = Svg.number((frame.top() + frame.bottom()) / 2);
    svg.text(
        chart.y().label(),
        "text",
        "text-anchor",
        "middle",
        "fill",
        Drawing.INK,
        "transform",
        "translate(18 " + middle + ") rotate(-90)");
  }
}
