package dev.helix.runtime.chart;

/**
 * One cell of a heat map: a value at the crossing of a column and a row.
 *
 * @param column the category's number on the horizontal axis, counted from 0
 * @param row the category's number on the vertical axis, counted from 0
 * @param value what the shade stands for; darker is more
 * @param text what is written in the cell, so that nobody has to tell shades apart
 * @param title what a reader sees who points at the cell
 */
public record Cell(int column, int row, double value, String text, String title) {
  public Cell {
    if (column < 0 || row < 0 || !Double.isFinite(value)) {
      throw new IllegalArgumentException(
          "a cell needs a column and a row from 0 and a finite value, not column "
              + column
              + ", row "
              + row
              + ", value "
              + value);
    }
  }

  Mark mark() {
    return new Mark(column, row, title);
  }
}
