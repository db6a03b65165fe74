package dev.helix.runtime.chart;

import java.util.HashSet;
import java.util.Set;

/** Draws the axes of a chart with their labels and, where they are numbers, the grid. */
final class AxesDrawing {
  private static final String GRID = "#dddddd";

  /** Width of a digit of 12 pixels, about, and the least gap between two numbers. */
  private static final double DIGIT = 6.5;

  private static final double GAP = 2;

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
    Set<Scale.Tick> named = x.slot() == 0 ? apart(x) : Set.copyOf(x.ticks());
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
      } else if (named.contains(tick)) {
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

  /** The ticks whose numbers do not run into each other; of two that would, the greater one. */
  private Set<Scale.Tick> apart(Scale x) {
    Set<Scale.Tick> apart = new HashSet<>();
    double free = Double.POSITIVE_INFINITY;
    for (int i = x.ticks().size() - 1; i >= 0; i--) {
      Scale.Tick tick = x.ticks().get(i);
      double half = DIGIT * tick.label().length() / 2;
      double at = frame.x(x, tick.value());
      if (at + half < free) {
        apart.add(tick);
        free = at - half - GAP;
      }
    }
    return apart;
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
