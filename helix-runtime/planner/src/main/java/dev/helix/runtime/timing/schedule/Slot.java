package dev.helix.runtime.timing.schedule;

import dev.helix.runtime.timing.cost.Cost;
import dev.helix.tensor.trace.Operation;
import java.util.Optional;

/**
 * The time at which one operation runs on one rank. (A slot of the KV cache is something else.)
 *
 * @param operation the operation
 * @param cost its cost
 * @param startMicros when it starts
 * @param busyEndMicros when the next operation of the stream may begin, which is before {@code
 *     endMicros} if the last bytes of a transfer are still on their way
 * @param endMicros when its result is there
 * @param waitedFor the operation that it had to wait for last, if there is one
 */
public record Slot(
    Operation operation,
    Cost cost,
    double startMicros,
    double busyEndMicros,
    double endMicros,
    Optional<Waited> waitedFor) {
  /** Time from the start to the result. */
  public double micros() {
    return endMicros - startMicros;
  }
}
