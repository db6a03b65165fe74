package dev.helix.runtime.chart;

/**
 * One value of a series.
 *
 * @param x the position along the horizontal axis; on an axis of categories the category's number,
 *     counted from 0
 * @param y the position along the vertical axis, likewise
 * @param title what a reader sees who points at the mark; empty for nothing
 */
public record Mark(double x, double y, String title) {
  public Mark {
    if (!Double.isFinite(x) || !Double.isFinite(y)) {
      throw new IllegalArgumentException(
          "a mark needs finite coordinates, not (" + x + ", " + y + "): " + title);
    }
  }
}
