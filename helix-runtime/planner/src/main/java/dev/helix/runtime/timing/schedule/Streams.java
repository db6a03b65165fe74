package dev.helix.runtime.timing.schedule;

import dev.helix.runtime.timing.cost.Cost;
import dev.helix.runtime.timing.schedule.Slot.Wait;
import dev.helix.tensor.trace.Operation;
import dev.helix.tensor.trace.RankTrace;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The streams of all kinds of ranks while a schedule is made. */
final class Streams {
  private final List<RankTrace> kinds;
  private final List<List<Cost>> costs;
  private final int[] heldBack;
  private final Slot[][] slots;

  /** When each kind's compute stream is free, and the network that all share. */
  private final Bound[] computeFree;

  private Bound linkFree = Bound.START;

  Streams(List<RankTrace> kinds, List<List<Cost>> costs, int[] heldBack) {
    this.kinds = kinds;
    this.costs = costs;
    this.heldBack = heldBack;
    this.slots = new Slot[kinds.size()][heldBack.length];
    this.computeFree = new Bound[kinds.size()];
    Arrays.fill(computeFree, Bound.START);
  }

  Schedule run() {
    List<Operation> program = kinds.get(0).operations();
    for (int index : OneProgram.order(kinds)) {
      if (Stream.of(program.get(index)) == Stream.COMPUTE) {
        for (int kind = 0; kind < kinds.size(); kind++) {
          launch(kind, index);
        }
      } else {
        transfer(index);
      }
    }
    List<RankSchedule> ranks = new ArrayList<>();
    for (int kind = 0; kind < kinds.size(); kind++) {
      ranks.add(new RankSchedule(kinds.get(kind).rank(), List.of(slots[kind])));
    }
    return new Schedule(ranks);
  }

  private void launch(int kind, int index) {
    Bound start = computeFree[kind].orLater(results(kind, index));
    Cost cost = costs.get(kind).get(index);
    double end = start.micros() + cost.micros();
    slots[kind][index] =
        new Slot(operation(kind, index), cost, start.micros(), end, end, start.set());
    computeFree[kind] = new Bound(end, new Wait(kind, index));
  }

  private void transfer(int index) {
    Bound start = linkFree;
    double latency = 0;
    double busy = 0;
    for (int kind = 0; kind < kinds.size(); kind++) {
      start = start.orLater(results(kind, index));
      latency = Math.max(latency, costs.get(kind).get(index).latencyMicros());
      busy = Math.max(busy, costs.get(kind).get(index).busyMicros());
    }
    double busyEnd = start.micros() + busy;
    double end = start.micros() + (busy + latency);
    if (heldBack[index] >= 0) {
      // Pieces that share one latency arrive one after the other all the same.
      end = Math.max(end, slots[0][heldBack[index]].endMicros());
    }
    for (int kind = 0; kind < kinds.size(); kind++) {
      Cost cost = new Cost(latency, busy, costs.get(kind).get(index).bytes());
      slots[kind][index] =
          new Slot(operation(kind, index), cost, start.micros(), busyEnd, end, start.set());
    }
    linkFree = new Bound(busyEnd, new Wait(0, index));
  }

  /** When all that an operation waits for has its result. */
  private Bound results(int kind, int index) {
    Bound last = Bound.START;
    for (int earlier : operation(kind, index).after()) {
      last = last.orLater(new Bound(slots[kind][earlier].endMicros(), new Wait(kind, earlier)));
    }
    return last;
  }

  private Operation operation(int kind, int index) {
    return kinds.get(kind).operations().get(index);
  }

  /** A time before which something cannot start, and the operation that sets it. */
  private record Bound(double micros, Wait set) {
    static final Bound START = new Bound(0, Wait.NONE);

    /** Of equals the other. */
    Bound orLater(Bound other) {
      return other.micros >= micros && !other.set.none() ? other : this;
    }
  }
}
