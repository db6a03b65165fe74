package dev.helix.runtime.timing.cost;

/**
 * The cost of one operation on one rank.
 *
 * @param latencyMicros time at the start of a transfer that does not occupy the link; 0 for a
 *     launch
 * @param busyMicros time for which the operation occupies its stream
 * @param bytes the bytes that cross HBM for a launch, and those that this rank sends for a
 *     transfer; scales of blocks included
 */
public record Cost(double latencyMicros, double busyMicros, long bytes) {
  public Cost {
    if (!(latencyMicros >= 0 && busyMicros >= 0 && bytes >= 0)
        || Double.isInfinite(latencyMicros + busyMicros)) {
      throw new IllegalArgumentException(
          "a cost of %s + %s µs and %d bytes, expected finite numbers from 0 up"
              .formatted(latencyMicros, busyMicros, bytes));
    }
  }

  /** Time from the start to the result. */
  public double micros() {
    return latencyMicros + busyMicros;
  }
}
