package dev.helix.runtime.timing.report;

import dev.helix.runtime.timing.schedule.GpuStream;
import dev.helix.runtime.timing.schedule.Schedule;
import dev.helix.runtime.timing.schedule.Slot;
import dev.helix.tensor.program.Phase;
import dev.helix.tensor.program.Place;
import dev.helix.tensor.trace.Launch;
import dev.helix.tensor.trace.Operation;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * One row of a table of operations: the operations of one name, added up for one rank. Each
 * operation counts on the kind of rank on which it takes longest.
 *
 * @param place the place in the program; the first one if there are several
 * @param count number of launches or transfers
 * @param hbmBytes bytes read and written, scales of blocks included; 0 for transfers
 * @param wireBytes bytes that one rank sends, scales of blocks included; 0 for launches
 * @param micros the sum of all durations
 * @param startMicros when the first operation starts
 * @param endMicros when the last operation has its result
 */
record OperationRow(
    String name,
    Place place,
    Phase phase,
    GpuStream stream,
    int count,
    long flops,
    long hbmBytes,
    long wireBytes,
    double micros,
    double startMicros,
    double endMicros) {
  /** The key of operations that share name, phase and place. */
  static Object atPlace(Operation operation) {
    return List.of(operation.place(), operation.phase(), operation.name());
  }

  /** The key of operations that share name and phase. */
  static Object ofPhase(Operation operation) {
    return List.of(operation.phase(), operation.name());
  }

  static List<OperationRow> of(Schedule schedule, Function<Operation, Object> key) {
    Map<Object, OperationRow> rows = new LinkedHashMap<>();
    for (Slot slot : schedule.slowest()) {
      rows.merge(key.apply(slot.operation()), of(slot), OperationRow::and);
    }
    return new ArrayList<>(rows.values());
  }

  private static OperationRow of(Slot slot) {
    Operation operation = slot.operation();
    GpuStream stream = GpuStream.of(operation);
    boolean compute = stream == GpuStream.COMPUTE;
    return new OperationRow(
        operation.name(),
        operation.place(),
        operation.phase(),
        stream,
        1,
        operation instanceof Launch launch ? launch.flops() : 0,
        compute ? slot.cost().bytes() : 0,
        compute ? 0 : slot.cost().bytes(),
        slot.cost().micros(),
        slot.startMicros(),
        slot.endMicros());
  }

  private OperationRow and(OperationRow other) {
    return new OperationRow(
        name,
        place,
        phase,
        stream,
        count + other.count,
        Math.addExact(flops, other.flops),
        Math.addExact(hbmBytes, other.hbmBytes),
        Math.addExact(wireBytes, other.wireBytes),
        micros + other.micros,
        Math.min(startMicros, other.startMicros),
        Math.max(endMicros, other.endMicros));
  }
}
