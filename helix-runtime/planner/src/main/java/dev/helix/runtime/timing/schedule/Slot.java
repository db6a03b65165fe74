package dev.helix.runtime.timing.schedule;

import dev.helix.runtime.timing.cost.Cost;
import dev.helix.tensor.trace.Operation;

/**
 * When one operation runs on one rank.
 *
 * @param busyEndMicros when the next operation of the stream may begin; before {@code endMicros} if
 *     the last of a transfer is still on its way
 * @param endMicros when its result is there
 * @param waitedFor what it had to wait for last
 */
public record Slot(
    Operation operation,
    Cost cost,
    double startMicros,
    double busyEndMicros,
    double endMicros,
    Wait waitedFor) {
  /** From start to result. */
  public double micros() {
    return endMicros - startMicros;
  }

  /**
   * Another operation of the schedule.
   *
   * @param kind its place among the kinds of ranks; −1 for none
   * @param index its place in the program
   */
  public record Wait(int kind, int index) {
    static final Wait NONE = new Wait(-1, -1);

    boolean none() {
      return kind < 0;
    }
  }
}
