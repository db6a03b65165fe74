package dev.helix.runtime.timing.schedule;

import dev.helix.runtime.timing.cost.Cost;
import dev.helix.tensor.trace.Operation;
import java.util.Optional;

/**
 * When one operation runs on one rank.
 *
 * @param busyEndMicros when the next operation of the stream may begin; before {@code endMicros} if
 *     the last of a transfer is still on its way
 * @param endMicros when its result is there
 * @param waitedFor what it had to wait for last, if for anything
 */
public record Slot(
    Operation operation,
    Cost cost,
    double startMicros,
    double busyEndMicros,
    double endMicros,
    Optional<OperationAt> waitedFor) {
  /** From start to result. */
  public double micros() {
    return endMicros - startMicros;
  }
}
