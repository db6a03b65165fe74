package dev.helix.runtime.chart;

import java.util.List;

/** What one entry of the legend stands for. */
public sealed interface Series {
  /** The name in the legend. */
  String name();

  /** All marks, which an axis without a given range has to hold. */
  List<Mark> marks();

  /** Marks joined by straight lines in the given order. */
  record Line(String name, List<Mark> marks) implements Series {
    public Line {
      marks = List.copyOf(marks);
    }
  }

  /** Marks that no line joins. */
  record Points(String name, List<Mark> marks) implements Series {
    public Points {
      marks = List.copyOf(marks);
    }
  }

  /**
   * Vertical bars from zero, or from the lower end of a logarithmic axis. Several series of bars
   * stand side by side at the same category.
   */
  record Bars(String name, List<Mark> marks) implements Series {
    public Bars {
      marks = List.copyOf(marks);
    }
  }

  /** Cells of a heat map between two axes of categories. */
  record Cells(String name, List<Cell> cells) implements Series {
    public Cells {
      cells = List.copyOf(cells);
    }

    @Override
    public List<Mark> marks() {
      return cells.stream().map(Cell::mark).toList();
    }
  }
}
