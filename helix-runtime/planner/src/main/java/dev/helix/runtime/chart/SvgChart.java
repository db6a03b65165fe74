package dev.helix.runtime.chart;

import java.util.ArrayList;
import java.util.List;

/**
 * A chart of a few series over two axes, as a value.
 *
 * <pre>{@code
 * String svg =
 *     SvgChart.of("Throughput", Axis.logarithmic("tokens/s/user"), Axis.logarithmic("tokens/s/GPU"))
 *         .with(new Series.Line("Helix", List.of(new Mark(50, 3, "KVP 8"), new Mark(80, 1, "KVP 16"))))
 *         .svg();
 * }</pre>
 *
 * @param title the heading, which is also the chart's name for a screen reader
 * @param x the horizontal axis
 * @param y the vertical axis
 * @param series what is drawn, from the back to the front
 * @param size the size of the whole drawing in pixels
 */
public record SvgChart(String title, Axis x, Axis y, List<Series> series, Size size) {
  /** Width and height in pixels. */
  public record Size(int width, int height) {
    public Size {
      if (width < 200 || height < 150) {
        throw new IllegalArgumentException(
            "a chart needs at least 200 x 150 pixels, not " + width + " x " + height);
      }
    }
  }

  public SvgChart {
    series = List.copyOf(series);
    for (Series one : series) {
      if (one instanceof Series.Cells
          && (x.kind() != Axis.Kind.CATEGORIES || y.kind() != Axis.Kind.CATEGORIES)) {
        throw new IllegalArgumentException(
            "cells (\"" + one.name() + "\") need two axes of categories");
      }
    }
  }

  /** A chart of 860 x 520 pixels with nothing on it yet. */
  public static SvgChart of(String title, Axis x, Axis y) {
    return new SvgChart(title, x, y, List.of(), new Size(860, 520));
  }

  /** The same chart with one more series in front. */
  public SvgChart with(Series one) {
    List<Series> more = new ArrayList<>(series);
    more.add(one);
    return new SvgChart(title, x, y, more, size);
  }

  /** The same chart in another size. */
  public SvgChart sized(int width, int height) {
    return new SvgChart(title, x, y, series, new Size(width, height));
  }

  /**
   * The chart as an {@code <svg>} element, which is a file by itself and can as well stand in a
   * page of HTML.
   *
   * @throws IllegalArgumentException if a mark is not positive on a logarithmic axis
   */
  public String svg() {
    Svg svg = new Svg();
    svg.open(
        "svg",
        "xmlns",
        "http://www.w3.org/2000/svg",
        "viewBox",
        "0 0 " + size.width() + " " + size.height(),
        "width",
        size.width(),
        "height",
        size.height(),
        "role",
        "img",
        "aria-label",
        title,
        "font-family",
        "sans-serif",
        "font-size",
        12);
    Drawing.draw(this, svg);
    return svg.close("svg").toString();
  }

  /** Begins the ids of the chart's own definitions. Charts that share a page differ in title. */
  String prefix() {
    return "chart-" + Integer.toHexString(title.hashCode());
  }

  /** The id of the hatching of a series. */
  String hatching(int series) {
    return prefix() + "-hatching-" + series % Pen.values().length;
  }
}
