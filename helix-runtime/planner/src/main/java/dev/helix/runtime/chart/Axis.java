package dev.helix.runtime.chart;

import java.util.List;
import java.util.OptionalDouble;

/**
 * One axis of a chart: its label, and how values are laid along it.
 *
 * @param label the quantity with its unit
 * @param kind how values are laid along the axis
 * @param categories the names along an axis of categories, else empty
 * @param from the value at the axis's beginning; without it the smallest of the marks
 * @param to the value at the axis's end; without it the largest of the marks
 */
public record Axis(
    String label, Kind kind, List<String> categories, OptionalDouble from, OptionalDouble to) {
  /** Readers of a line take equal lengths for equal differences unless they are told. */
  private static final String LOGARITHMIC = " (log scale)";

  /** How values are laid along an axis. */
  public enum Kind {
    /** Equal differences are equal lengths. */
    LINEAR,
    /** Equal ratios are equal lengths; every value is positive. */
    LOGARITHMIC,
    /** The same, where doublings of the smallest value are named, as of numbers of GPUs. */
    DOUBLING,
    /** Named places of equal width. */
    CATEGORIES
  }

  public Axis {
    categories = List.copyOf(categories);
    if ((kind == Kind.CATEGORIES) == categories.isEmpty()) {
      throw new IllegalArgumentException(
          "axis \"" + label + "\": categories belong to an axis of categories, and to no other");
    }
    if (from.isPresent() && to.isPresent() && !(from.getAsDouble() < to.getAsDouble())) {
      throw new IllegalArgumentException(
          "axis \"" + label + "\": it begins at " + from + " and has to end beyond, not at " + to);
    }
  }

  /** A linear axis that holds all marks. */
  public static Axis linear(String label) {
    return new Axis(label, Kind.LINEAR, List.of(), OptionalDouble.empty(), OptionalDouble.empty());
  }

  /**
   * A logarithmic axis that holds all marks.
   *
   * @param quantity the quantity with its unit; the label adds that the scale is logarithmic
   */
  public static Axis logarithmic(String quantity) {
    return new Axis(
        quantity + LOGARITHMIC,
        Kind.LOGARITHMIC,
        List.of(),
        OptionalDouble.empty(),
        OptionalDouble.empty());
  }

  /**
   * A logarithmic axis that holds all marks and names the doublings of the smallest.
   *
   * @param quantity the quantity with its unit; the label adds that the scale is logarithmic
   */
  public static Axis doubling(String quantity) {
    return new Axis(
        quantity + LOGARITHMIC,
        Kind.DOUBLING,
        List.of(),
        OptionalDouble.empty(),
        OptionalDouble.empty());
  }

  /** An axis of named places; from left to right, or from top to bottom. */
  public static Axis categories(String label, List<String> names) {
    return new Axis(label, Kind.CATEGORIES, names, OptionalDouble.empty(), OptionalDouble.empty());
  }

  /**
   * The same axis under another label, such as one in another language.
   *
   * @param other the whole label, which also says whether the scale is logarithmic
   */
  public Axis labelled(String other) {
    return new Axis(other, kind, categories, from, to);
  }

  /** The same axis, beginning at a value. */
  public Axis startingAt(double value) {
    return new Axis(label, kind, categories, OptionalDouble.of(value), to);
  }

  /** The same axis, ending at a value. */
  public Axis endingAt(double value) {
    return new Axis(label, kind, categories, from, OptionalDouble.of(value));
  }
}
