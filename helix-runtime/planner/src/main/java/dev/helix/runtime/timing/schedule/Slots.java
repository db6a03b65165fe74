package dev.helix.runtime.timing.schedule;

import dev.helix.runtime.timing.cost.Cost;
import dev.helix.runtime.timing.schedule.StepProgram.Times;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Makes the slots of a schedule from the times of its operations. */
final class Slots {
  private final StepProgram program;
  private final List<List<Cost>> costs;
  private final SteadyState steady;

  /**
   * Prepares the slots.
   *
   * @param costs by kind and operation
   */
  Slots(StepProgram program, List<List<Cost>> costs, SteadyState steady) {
    this.program = program;
    this.costs = costs;
    this.steady = steady;
  }

  Schedule schedule() {
    Slot[] slots = new Slot[program.operations()];
    for (int[] action : program.actions()) {
      Optional<Waited> waited = steady.waited(action);
      double latency = 0;
      double busy = 0;
      for (int one : action) {
        latency = Math.max(latency, cost(one).latencyMicros());
        busy = Math.max(busy, cost(one).busyMicros());
      }
      for (int one : action) {
        slots[one] = slot(one, new Cost(latency, busy, cost(one).bytes()), waited);
      }
    }
    List<RankSchedule> ranks = new ArrayList<>();
    for (int kind = 0; kind < program.kinds().size(); kind++) {
      int from = program.indexOf(kind, 0);
      int to = program.indexOf(kind, program.kinds().get(kind).operations().size());
      List<Slot> own = new ArrayList<>();
      for (int one = from; one < to; one++) {
        own.add(slots[one]);
      }
      ranks.add(new RankSchedule(program.kinds().get(kind).rank(), own));
    }
    return new Schedule(ranks, program, steady.periodMicros());
  }

  private Slot slot(int one, Cost cost, Optional<Waited> waited) {
    Times times = steady.times();
    return new Slot(
        program.joint().operation(program.operation(one)),
        cost,
        times.startMicros(one),
        times.freeMicros(one),
        times.endMicros(one),
        waited);
  }

  private Cost cost(int one) {
    OperationAt at = program.operation(one);
    return costs.get(at.kind()).get(at.index());
  }
}
