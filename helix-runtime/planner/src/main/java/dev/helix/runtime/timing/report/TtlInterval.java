package dev.helix.runtime.timing.report;

import dev.helix.runtime.timing.machine.Machine;
import dev.helix.runtime.timing.machine.Preset;
import dev.helix.runtime.timing.schedule.Schedule;
import dev.helix.tensor.program.Phase;
import dev.helix.tensor.trace.Launch;
import dev.helix.tensor.trace.Operation;
import dev.helix.tensor.trace.Transfer;
import java.util.Optional;
import java.util.function.Function;

/**
 * The range of a TTL, from the errors of measurements that no constant was fitted to. The mean
 * absolute relative errors of operations add up, each times the part of the TTL that the operation
 * takes and nothing hides ({@link Schedule#exposed}), as if all were off to the same side. So a
 * single operation is often off by more than its part of the range, 2 of 5 measurements are, but a
 * step of many operations is not: every published end-to-end time is in its range. What a launch
 * saves after another one was fitted to very few rows, so the upper end also takes half of it.
 *
 * @param lowMicros the TTL less the errors
 * @param highMicros the TTL with half the saving of launches, and the errors
 */
public record TtlInterval(double lowMicros, double highMicros) {
  private static final double LEAST_OVERLAP = 0.5;

  /** The interval of a step; empty if the preset was not fitted to measurements. */
  static Optional<TtlInterval> of(StepTime step) {
    if (step.machine().preset().checkErrors().isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        of(
            step.machine(),
            step.schedule(),
            slower -> step.on(slower, step.accounting()).schedule()));
  }

  /**
   * The interval of any step.
   *
   * @param machine a machine whose preset was fitted to measurements
   * @param low the schedule of the step on this machine
   * @param step the schedule of the step on another machine
   */
  static TtlInterval of(Machine machine, Schedule low, Function<Machine, Schedule> step) {
    Machine slower = new Machine(machine.gpu(), machine.preset().overlapping(LEAST_OVERLAP));
    Schedule high = step.apply(slower);
    return new TtlInterval(
        low.ttlMicros() - errorMicros(machine.preset(), low),
        high.ttlMicros() + errorMicros(machine.preset(), high));
  }

  private static double errorMicros(Preset preset, Schedule schedule) {
    return schedule.exposed().stream()
        .mapToDouble(part -> part.micros() * preset.checkError(kind(part.operation())).value())
        .sum();
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
