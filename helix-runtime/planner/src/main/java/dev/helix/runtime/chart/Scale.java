package dev.helix.runtime.chart;

import java.util.List;
import java.util.stream.IntStream;

/**
 * Where a value lies along an axis, from 0 at its beginning to 1 at its end, and which values are
 * named there.
 */
sealed interface Scale {
  /** The value's place; outside [0, 1] if the axis does not reach it. */
  double place(double value);

  /** The named values. */
  List<Tick> ticks();

  /** Where a bar stands on this axis. */
  double floor();

  /** How much of the axis one category takes; 0 on an axis of numbers. */
  double slot();

  /** A named value of an axis. */
  record Tick(double value, String label) {}

  /** The scale of an axis that has to hold these values. */
  static Scale of(Axis axis, double[] values) {
    if (axis.kind() == Axis.Kind.CATEGORIES) {
      return new Categories(axis.categories());
    }
    boolean logarithmic = axis.kind() != Axis.Kind.LINEAR;
    double low = Double.POSITIVE_INFINITY;
    double high = Double.NEGATIVE_INFINITY;
    for (double value : values) {
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
    if (values.length == 0) {
      low = logarithmic ? 1 : 0;
      high = logarithmic ? 10 : 1;
    }
    low = axis.from().orElse(low);
    high = axis.to().orElse(high);
    if (logarithmic && !(low > 0)) {
      throw new IllegalArgumentException("axis \"" + axis.label() + "\" has no place for " + low);
    }
    if (!(low < high)) {
      double margin = low == 0 ? 1 : Math.abs(low) / 2;
      low = axis.from().isPresent() ? low : low - margin;
      high = axis.to().isPresent() && axis.from().isEmpty() ? high : high + margin;
    }
    return logarithmic
        ? new Logarithmic(low, high, axis.kind() == Axis.Kind.DOUBLING)
        : new Linear(low, high);
  }

  /** Equal differences are equal lengths. */
  record Linear(double low, double high) implements Scale {
    @Override
    public double place(double value) {
      return (value - low) / (high - low);
    }

    @Override
    public List<Tick> ticks() {
      return Ticks.linear(low, high);
    }

    @Override
    public double floor() {
      return Math.max(low, Math.min(high, 0));
    }

    @Override
    public double slot() {
      return 0;
    }
  }

  /**
   * Equal ratios are equal lengths.
   *
   * @param doublings whether doublings of the smallest value are named
   */
  record Logarithmic(double low, double high, boolean doublings) implements Scale {
    @Override
    public double place(double value) {
      // Bits of StrictMath are the same on every machine, and so are those of the chart.
      return (StrictMath.log10(value) - StrictMath.log10(low))
          / (StrictMath.log10(high) - StrictMath.log10(low));
    }

    @Override
    public List<Tick> ticks() {
      return doublings ? Ticks.doublings(low, high) : Ticks.logarithmic(low, high);
    }

    @Override
    public double floor() {
      return low;
    }

    @Override
    public double slot() {
      return 0;
    }
  }

  /** Named places of equal width; a whole number is the middle of its place. */
  record Categories(List<String> names) implements Scale {
    @Override
    public double place(double value) {
      return (value + 0.5) / names.size();
    }

    @Override
    public List<Tick> ticks() {
      return IntStream.range(0, names.size()).mapToObj(i -> new Tick(i, names.get(i))).toList();
    }

    @Override
    public double floor() {
      return -0.5;
    }

    @Override
    public double slot() {
      return 1.0 / names.size();
    }
  }
}
