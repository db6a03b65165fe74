package dev.helix.tensor;

import java.util.List;

/**
 * Checks the operands of {@link Kernels#rows} and {@link Kernels#stackRows}, and gives the specs of
 * their results.
 */
public final class BatchRows {
  private BatchRows() {}

  /**
   * The spec of the rows {@code [from, to)} of {@code x}.
   *
   * @throws IllegalArgumentException naming the operation if batch is not the outermost axis of x,
   *     or if x does not have these rows
   */
  public static Spec part(String operation, Spec x, int from, int to) {
    requireBatch(operation, x);
    if (from < 0 || from > to || to > x.size(Axis.BATCH)) {
      throw new IllegalArgumentException(
          "%s: expected rows within [0, %d) of %s, got [%d, %d)"
              .formatted(operation, x.size(Axis.BATCH), x, from, to));
    }
    return x.resized(Axis.BATCH, to - from);
  }

  /**
   * The spec of all rows of {@code parts}, one part after the other.
   *
   * @throws IllegalArgumentException naming the operation if there are no parts, if batch is not
   *     the outermost axis of each part, or if parts differ in anything but the size of that axis
   */
  public static Spec stack(String operation, List<Spec> parts) {
    if (parts.isEmpty()) {
      throw new IllegalArgumentException(operation + ": expected at least one part, got none");
    }
    Spec first = parts.get(0);
    int rows = 0;
    for (Spec part : parts) {
      requireBatch(operation, part);
      if (!part.resized(Axis.BATCH, first.size(Axis.BATCH)).equals(first)) {
        throw new IllegalArgumentException(
            "%s: expected parts that differ in rows alone, got %s and %s"
                .formatted(operation, first, part));
      }
      rows = Math.addExact(rows, part.size(Axis.BATCH));
    }
    return first.resized(Axis.BATCH, rows);
  }

  private static void requireBatch(String operation, Spec x) {
    if (x.axisCount() == 0 || x.dims().get(0).axis() != Axis.BATCH) {
      throw new IllegalArgumentException(
          "%s: expected [batch, ..], got %s".formatted(operation, x));
    }
  }
}
