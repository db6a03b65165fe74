package dev.helix.runtime.timing.schedule;

import dev.helix.tensor.program.Phase;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * When each operation of a step runs.
 *
 * @param ranks one schedule for each kind of rank
 * @param joint which of their operations belong together
 */
public record Schedule(List<RankSchedule> ranks, JointOperations joint) {
  public Schedule {
    ranks = List.copyOf(ranks);
  }

  /** Token-to-token latency: the time at which the last result is there. */
  public double ttlMicros() {
    return ranks.stream()
        .flatMap(rank -> rank.slots().stream())
        .mapToDouble(Slot::endMicros)
        .max()
        .orElse(0);
  }

  /** The time that the step would take if nothing overlapped: the sum of all operations. */
  public double serialMicros() {
    double sum = 0;
    for (Slot slot : slowest()) {
      sum += slot.cost().micros();
    }
    return sum;
  }

  /**
   * The operations of the step, each once for all ranks that launch it. Each is that of the kind of
   * rank on which it costs most.
   */
  public List<Slot> slowest() {
    List<Slot> slowest = new ArrayList<>();
    for (List<OperationAt> alike : joint.all()) {
      Slot most = slot(alike.get(0));
      for (OperationAt at : alike) {
        most = slot(at).cost().micros() > most.cost().micros() ? slot(at) : most;
      }
      slowest.add(most);
    }
    return slowest;
  }

  /**
   * The critical path: a longest chain of operations, in order, of which each waits for the result
   * of the one before. If every rank had as many streams as it liked, the step would take that
   * long.
   */
  public List<Slot> criticalPath() {
    return new CriticalPath(ranks, joint).slots();
  }

  /** The length of {@link #criticalPath}: at most the TTL. */
  public double criticalPathMicros() {
    return criticalPath().stream().mapToDouble(Slot::micros).sum();
  }

  /**
   * The part of the TTL that each phase takes. From the last operation a chain goes back: each
   * operation waited last for an earlier one, for its result or for its stream. The time from one
   * start to the next belongs to the earlier operation, and what is hidden behind it counts for
   * nothing. So the sum is the TTL.
   */
  public Map<Phase, Double> exposedMicros() {
    Map<Phase, Double> exposed = new EnumMap<>(Phase.class);
    double until = ttlMicros();
    for (Slot slot : chain()) {
      exposed.merge(slot.operation().phase(), until - slot.startMicros(), Double::sum);
      until = slot.startMicros();
    }
    return exposed;
  }

  /**
   * The chain from the last result back to the start, in which each operation waited last for the
   * next one.
   */
  private List<Slot> chain() {
    List<Slot> chain = new ArrayList<>();
    Slot last = null;
    for (RankSchedule rank : ranks) {
      for (Slot slot : rank.slots()) {
        last = last == null || slot.endMicros() > last.endMicros() ? slot : last;
      }
    }
    if (last == null) {
      return chain;
    }
    chain.add(last);
    for (Optional<OperationAt> before = last.waitedFor();
        before.isPresent();
        before = slot(before.get()).waitedFor()) {
      chain.add(slot(before.get()));
    }
    return chain;
  }

  private Slot slot(OperationAt at) {
    return ranks.get(at.kind()).slots().get(at.index());
  }
}
