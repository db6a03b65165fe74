package dev.helix.runtime.baseline;

import dev.helix.tensor.compare.ErrorAccumulator;

/**
 * A result of the baseline with a bound for each element, which says how far another careful
 * program may be from it.
 */
public final class BoundedValue {
  private final double[] value;
  private final double[] bound;

  BoundedValue(double[] value, double[] bound) {
    this.value = value;
    this.bound = bound;
  }

  /** The baseline's numbers; not a copy. */
  public double[] value() {
    return value;
  }

  /** The largest |actual − value| that is allowed for each element; not a copy. */
  public double[] bound() {
    return bound;
  }

  /**
   * Compares another program's numbers with these.
   *
   * @throws IllegalArgumentException if their number differs
   */
  public void compareWith(double[] actual, ErrorAccumulator errors) {
    errors.addAll(actual, value, bound);
  }
}
