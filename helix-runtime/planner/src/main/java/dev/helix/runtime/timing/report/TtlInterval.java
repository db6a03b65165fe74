package dev.helix.runtime.timing.report;

import dev.helix.runtime.timing.machine.Machine;
import dev.helix.runtime.timing.machine.Preset;
import dev.helix.runtime.timing.schedule.Accounting;
import dev.helix.runtime.timing.schedule.Slot;
import dev.helix.runtime.trace.StepTrace;
import dev.helix.tensor.program.Phase;
import dev.helix.tensor.trace.Launch;
import dev.helix.tensor.trace.Operation;
import dev.helix.tensor.trace.Transfer;
import java.util.List;
import java.util.Optional;

/**
 * The range of a TTL, from the errors of measurements that nothing was fitted to. The errors of the
 * operations on the critical path add up, as if all were off to the same side. What a launch saves
 * after another one was fitted to very few rows, so the upper end also takes half of it.
 *
 * @param lowMicros the TTL less the errors
 * @param highMicros the TTL with half the saving of launches, and the errors
 */
public record TtlInterval(double lowMicros, double highMicros) {
  private static final double LEAST_OVERLAP = 0.5;

  /** The interval of a step; empty if the preset was not fitted to measurements. */
  static Optional<TtlInterval> of(
      Machine machine, StepTrace trace, int batch, Accounting accounting) {
    if (machine.preset().checkErrors().isEmpty()) {
      return Optional.empty();
    }
    Machine slower = new Machine(machine.gpu(), machine.preset().overlapping(LEAST_OVERLAP));
    StepTime low = StepTime.of(machine, trace, batch, accounting);
    StepTime high = StepTime.of(slower, trace, batch, accounting);
    return Optional.of(
        new TtlInterval(
            low.ttlMicros() * (1 - errorOnPath(low)), high.ttlMicros() * (1 + errorOnPath(high))));
  }

  private static double errorOnPath(StepTime time) {
    Preset preset = time.machine().preset();
    List<Slot> path = time.schedule().criticalPath();
    double micros = path.stream().mapToDouble(Slot::micros).sum();
    double off =
        path.stream()
            .mapToDouble(slot -> slot.micros() * preset.checkError(kind(slot.operation())).value())
            .sum();
    return micros == 0 ? 0 : off / micros;
  }

  private static String kind(Operation operation) {
    return operation instanceof Launch launch
        ? launch.kind().family().toString()
        : kind((Transfer) operation);
  }

  private static String kind(Transfer transfer) {
    return switch (transfer.kind()) {
      case ALL_REDUCE, PARTIAL_ALL_REDUCE -> "allReduce";
      case ALL_GATHER -> "allGather";
      // It is charged as the all-to-all of which it is a part.
      case GATHER_BLOCKS -> "allToAll";
      case REDUCE_SCATTER -> "reduceScatter";
      case BROADCAST, POINT_TO_POINT -> "broadcast";
      case ALL_TO_ALL, ALL_TO_ALL_ROWS ->
          transfer.phase() == Phase.DISPATCH
              ? "dispatch"
              : transfer.phase() == Phase.COMBINE ? "combine" : "allToAll";
    };
  }
}
