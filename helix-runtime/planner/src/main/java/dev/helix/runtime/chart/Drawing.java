package dev.helix.runtime.chart;

import java.util.List;
import java.util.stream.Collectors;

/** Draws one chart: heading, axes with their grid, series from the back to the front, legend. */
final class Drawing {
  static final String INK = "#222222";

  private final SvgChart chart;
  private final Svg svg;
  private final Scale x;
  private final Scale y;
  private final Frame frame;

  private Drawing(SvgChart chart, Svg svg) {
    this.chart = hasBars(chart) ? fromZero(chart) : chart;
    this.svg = svg;
    List<Mark> marks = chart.series().stream().flatMap(one -> one.marks().stream()).toList();
    this.x = Scale.of(chart.x(), marks.stream().mapToDouble(Mark::x).toArray());
    this.y = Scale.of(this.chart.y(), marks.stream().mapToDouble(Mark::y).toArray());
    this.frame = Frame.of(this.chart, x, y);
  }

  static void draw(SvgChart chart, Svg svg) {
    Drawing drawing = new Drawing(chart, svg);
    drawing.definitions();
    drawing.heading();
    new AxesDrawing(drawing.chart, svg, drawing.frame).draw(drawing.x, drawing.y);
    svg.open("g", "clip-path", "url(#" + chart.prefix() + "-frame)");
    for (int i = 0; i < chart.series().size(); i++) {
      drawing.series(i);
    }
    svg.close("g");
    new LegendDrawing(chart, svg, drawing.frame).draw();
  }

  private static boolean hasBars(SvgChart chart) {
    return chart.series().stream().anyMatch(Series.Bars.class::isInstance);
  }

  /** A bar's length is its value only if it stands on zero. */
  private static SvgChart fromZero(SvgChart chart) {
    Axis y = chart.y();
    return y.kind() == Axis.Kind.LINEAR && y.from().isEmpty()
        ? new SvgChart(chart.title(), chart.x(), y.startingAt(0), chart.series(), chart.size())
        : chart;
  }

  private void definitions() {
    svg.open("defs");
    svg.open("clipPath", "id", chart.prefix() + "-frame");
    // Markers at the frame stand half outside of it.
    svg.empty(
        "rect",
        "x",
        frame.left() - 7,
        "y",
        frame.top() - 7,
        "width",
        frame.width() + 14,
        "height",
        frame.height() + 14);
    svg.close("clipPath");
    for (int i = 0; i < chart.series().size(); i++) {
      if (chart.series().get(i) instanceof Series.Bars) {
        Pen pen = Pen.of(i);
        svg.open(
            "pattern",
            "id",
            chart.hatching(i),
            "width",
            8,
            "height",
            8,
            "patternUnits",
            "userSpaceOnUse");
        svg.empty("rect", "width", 8, "height", 8, "fill", pen.colour, "fill-opacity", "0.35");
        svg.empty(
            "path", "d", pen.hatching, "stroke", pen.colour, "stroke-width", 2, "fill", "none");
        svg.close("pattern");
      }
    }
    svg.close("defs");
  }

  private void heading() {
    svg.empty(
        "rect", "width", chart.size().width(), "height", chart.size().height(), "fill", "#ffffff");
    svg.text(
        chart.title(),
        "text",
        "x",
        frame.left(),
        "y",
        24.0,
        "font-size",
        15,
        "font-weight",
        "bold",
        "fill",
        INK);
  }

  private void series(int number) {
    Series one = chart.series().get(number);
    Pen pen = Pen.of(number);
    svg.open("g", "role", "group", "aria-label", one.name());
    if (one instanceof Series.Line line) {
      joined(line, pen);
      line.marks().forEach(mark -> marker(mark, pen));
    } else if (one instanceof Series.Points points) {
      points
          .marks()
          .forEach(
              mark -> pen.markAlone(svg, mark.title(), frame.x(x, mark.x()), frame.y(y, mark.y())));
    } else if (one instanceof Series.Bars bars) {
      bars.marks().forEach(mark -> bar(mark, number));
    } else if (one instanceof Series.Cells cells) {
      cells(cells);
    }
    svg.close("g");
  }

  private void joined(Series.Line line, Pen pen) {
    if (line.marks().size() < 2) {
      return;
    }
    String points =
        line.marks().stream()
            .map(mark -> Svg.number(frame.x(x, mark.x())) + "," + Svg.number(frame.y(y, mark.y())))
            .collect(Collectors.joining(" "));
    svg.empty(
        "polyline",
        "points",
        points,
        "fill",
        "none",
        "stroke",
        pen.colour,
        "stroke-width",
        2,
        "stroke-dasharray",
        pen.dash);
  }

  private void marker(Mark mark, Pen pen) {
    pen.mark(svg, mark.title(), frame.x(x, mark.x()), frame.y(y, mark.y()));
  }

  private void bar(Mark mark, int number) {
    List<Series> bars = chart.series().stream().filter(Series.Bars.class::isInstance).toList();
    int column = bars.indexOf(chart.series().get(number));
    double slot = x.slot() > 0 ? x.slot() * frame.width() : 12 * bars.size();
    double width = 0.8 * slot / bars.size();
    double begin = frame.x(x, mark.x()) - 0.4 * slot + column * width;
    double foot = frame.foot(y);
    double head = frame.y(y, mark.y());
    svg.titled(
        mark.title(),
        "rect",
        "x",
        begin,
        "y",
        Math.min(foot, head),
        "width",
        width,
        "height",
        Math.abs(foot - head),
        "fill",
        "url(#" + chart.hatching(number) + ")",
        "stroke",
        Pen.of(number).colour);
  }

  private void cells(Series.Cells cells) {
    double low = cells.cells().stream().mapToDouble(Cell::value).min().orElse(0);
    double high = cells.cells().stream().mapToDouble(Cell::value).max().orElse(1);
    double width = x.slot() * frame.width();
    double height = y.slot() * frame.height();
    for (Cell cell : cells.cells()) {
      double depth = high > low ? (cell.value() - low) / (high - low) : 0;
      double atX = frame.x(x, cell.column());
      double atY = frame.y(y, cell.row());
      svg.titled(
          cell.title(),
          "rect",
          "x",
          atX - width / 2,
          "y",
          atY - height / 2,
          "width",
          width,
          "height",
          height,
          "fill",
          shade(depth),
          "stroke",
          "#ffffff");
      // The text lets a pointer through to the cell and its title.
      svg.text(
          cell.text(),
          "text",
          "x",
          atX,
          "y",
          atY + 4,
          "text-anchor",
          "middle",
          "fill",
          depth > 0.5 ? "#ffffff" : INK,
          "pointer-events",
          "none");
    }
  }

  /**
   * From nearly white to dark blue; lightness falls all the way, so that grey print is in order.
   */
  private static String shade(double depth) {
    long red = Math.round(240 - 232 * depth);
    long green = Math.round(246 - 198 * depth);
    long blue = Math.round(252 - 145 * depth);
    return "#" + hex(red) + hex(green) + hex(blue);
  }

  private static String hex(long value) {
    return (value < 16 ? "0" : "") + Long.toHexString(value);
  }
}
