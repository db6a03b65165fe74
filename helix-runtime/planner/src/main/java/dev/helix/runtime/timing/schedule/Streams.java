package dev.helix.runtime.timing.schedule;

import dev.helix.runtime.timing.cost.Cost;
import dev.helix.tensor.trace.Operation;
import dev.helix.tensor.trace.Transfer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** The streams of all kinds of ranks while a schedule is made. */
final class Streams {
  private final JointOperations joint;
  private final List<List<Cost>> costs;
  private final List<int[]> heldBack;
  private final Slot[][] slots;

  /** For each kind, what each stream still has to run, in its order. */
  private final List<Map<GpuStream, Deque<OperationAt>>> queues = new ArrayList<>();

  /** For each kind, when each stream is free. */
  private final List<Map<GpuStream, Bound>> free = new ArrayList<>();

  /**
   * Prepares the streams of a step.
   *
   * @param costs by kind and operation
   * @param heldBack by kind and operation, the piece that must be complete before it can be, or −1
   */
  Streams(JointOperations joint, List<List<Cost>> costs, List<int[]> heldBack) {
    this.joint = joint;
    this.costs = costs;
    this.heldBack = heldBack;
    this.slots = new Slot[costs.size()][];
    for (int kind = 0; kind < costs.size(); kind++) {
      slots[kind] = new Slot[costs.get(kind).size()];
      queues.add(queues(kind));
      Map<GpuStream, Bound> atStart = new EnumMap<>(GpuStream.class);
      for (GpuStream stream : GpuStream.values()) {
        atStart.put(stream, Bound.START);
      }
      free.add(atStart);
    }
  }

  private Map<GpuStream, Deque<OperationAt>> queues(int kind) {
    Map<GpuStream, Deque<OperationAt>> own = new EnumMap<>(GpuStream.class);
    for (GpuStream stream : GpuStream.values()) {
      own.put(stream, new ArrayDeque<>(joint.inOrderOf(stream, kind)));
    }
    return own;
  }

  /**
   * Runs all operations.
   *
   * @throws IllegalArgumentException if ranks wait for each other in a cycle
   */
  Schedule run() {
    boolean progress = true;
    while (progress) {
      progress = false;
      for (int kind = 0; kind < slots.length; kind++) {
        Deque<OperationAt> launches = queues.get(kind).get(GpuStream.COMPUTE);
        while (!launches.isEmpty() && hasResults(launches.peek())) {
          launch(launches.remove());
          progress = true;
        }
        Deque<OperationAt> transfers = queues.get(kind).get(GpuStream.NETWORK);
        while (!transfers.isEmpty() && allThere(joint.exchange(transfers.peek()))) {
          transfer(joint.exchange(transfers.peek()));
          progress = true;
        }
      }
    }
    requireAllDone();
    List<RankSchedule> ranks = new ArrayList<>();
    for (int kind = 0; kind < slots.length; kind++) {
      ranks.add(new RankSchedule(joint.kinds().get(kind).rank(), List.of(slots[kind])));
    }
    return new Schedule(ranks, joint);
  }

  private boolean allThere(List<OperationAt> exchange) {
    return exchange.stream()
        .allMatch(
            at -> at.equals(queues.get(at.kind()).get(GpuStream.NETWORK).peek()) && hasResults(at));
  }

  private boolean hasResults(OperationAt at) {
    return joint.operation(at).after().stream().allMatch(e -> slots[at.kind()][e] != null);
  }

  private void launch(OperationAt at) {
    Bound start = free.get(at.kind()).get(GpuStream.COMPUTE).orLater(results(at));
    Cost cost = cost(at);
    double end = start.micros() + cost.micros();
    slots[at.kind()][at.index()] =
        new Slot(joint.operation(at), cost, start.micros(), end, end, start.set());
    free.get(at.kind()).put(GpuStream.COMPUTE, new Bound(end, Optional.of(at)));
  }

  private void transfer(List<OperationAt> exchange) {
    Bound start = Bound.START;
    for (OperationAt at : exchange) {
      start = start.orLater(free.get(at.kind()).get(GpuStream.NETWORK));
    }
    double latency = 0;
    double busy = 0;
    for (OperationAt at : exchange) {
      start = start.orLater(results(at));
      latency = Math.max(latency, cost(at).latencyMicros());
      busy = Math.max(busy, cost(at).busyMicros());
    }
    double busyEnd = start.micros() + busy;
    double end = start.micros() + (busy + latency);
    for (OperationAt at : exchange) {
      int before = heldBack.get(at.kind())[at.index()];
      if (before >= 0) {
        // Pieces that share one latency still arrive one after the other.
        end = Math.max(end, slots[at.kind()][before].endMicros());
      }
    }
    for (OperationAt at : exchange) {
      Cost cost = new Cost(latency, busy, cost(at).bytes());
      slots[at.kind()][at.index()] =
          new Slot(joint.operation(at), cost, start.micros(), busyEnd, end, start.set());
      queues.get(at.kind()).get(GpuStream.NETWORK).remove();
      free.get(at.kind()).put(GpuStream.NETWORK, new Bound(busyEnd, Optional.of(exchange.get(0))));
    }
  }

  private Cost cost(OperationAt at) {
    return costs.get(at.kind()).get(at.index());
  }

  /** The time at which all results are there that an operation waits for. */
  private Bound results(OperationAt at) {
    Bound last = Bound.START;
    for (int earlier : joint.operation(at).after()) {
      OperationAt before = new OperationAt(at.kind(), earlier);
      last = last.orLater(new Bound(slots[at.kind()][earlier].endMicros(), Optional.of(before)));
    }
    return last;
  }

  private void requireAllDone() {
    List<OperationAt> waiting = new ArrayList<>();
    for (Map<GpuStream, Deque<OperationAt>> own : queues) {
      Deque<OperationAt> transfers = own.get(GpuStream.NETWORK);
      Deque<OperationAt> launches = own.get(GpuStream.COMPUTE);
      Optional.ofNullable(transfers.isEmpty() ? launches.peek() : transfers.peek())
          .ifPresent(waiting::add);
    }
    if (!waiting.isEmpty()) {
      throw circle(joint, waiting);
    }
  }

  /** The exception for ranks of which each waits for another. */
  static IllegalArgumentException circle(JointOperations joint, List<OperationAt> waiting) {
    return new IllegalArgumentException(
        waiting.stream()
            .limit(4)
            .map(at -> joint.words(at) + group(joint.operation(at)))
            .collect(Collectors.joining("; ", "ranks wait for each other in a circle: ", "")));
  }

  private static String group(Operation operation) {
    return operation instanceof Transfer transfer ? " on " + transfer.group() : "";
  }

  /** A time before which something cannot start, and the operation that sets it. */
  private record Bound(double micros, Optional<OperationAt> set) {
    static final Bound START = new Bound(0, Optional.empty());

    /** The later of two bounds; the other one if they are equal. */
    Bound orLater(Bound other) {
      return other.micros >= micros && other.set.isPresent() ? other : this;
    }
  }
}
