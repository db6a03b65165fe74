package dev.helix.runtime.timing.cost;

/**
 * What one operation costs on one rank.
 *
 * @param latencyMicros from the start of a transfer, time that does not occupy the link; of a
 *     launch 0
 * @param busyMicros time for which the operation has its stream to itself
 * @param bytes of a launch those that cross HBM, of a transfer those that this rank sends; scales
 *     of blocks included
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

  /** From start to result. */
  public double micros() {
    return latencyMicros + busyMicros;
  }
}
