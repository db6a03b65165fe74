package dev.helix.runtime.timing.schedule;

import dev.helix.runtime.timing.schedule.Slot.Wait;
import dev.helix.tensor.program.Phase;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * When each operation of a step runs.
 *
 * @param ranks one for each kind of rank
 */
public record Schedule(List<RankSchedule> ranks) {
  public Schedule {
    ranks = List.copyOf(ranks);
  }

  /** Token-to-token latency: when the last result is there. */
  public double ttlMicros() {
    return ranks.stream()
        .flatMap(rank -> rank.slots().stream())
        .mapToDouble(Slot::endMicros)
        .max()
        .orElse(0);
  }

  /** What the step would take if nothing overlapped: the sum of all operations. */
  public double serialMicros() {
    double sum = 0;
    for (int index = 0; index < operations(); index++) {
      sum += slowest(index).cost().micros();
    }
    return sum;
  }

  /** The slot of an operation on the kind of rank where it costs most. */
  public Slot slowest(int index) {
    Slot slowest = slot(new Wait(0, index));
    for (RankSchedule rank : ranks) {
      Slot other = rank.slots().get(index);
      slowest = other.cost().micros() > slowest.cost().micros() ? other : slowest;
    }
    return slowest;
  }

  /** How many operations each kind of rank has. */
  public int operations() {
    return ranks.get(0).slots().size();
  }

  /**
   * The critical path: a longest chain of operations of which each waits for the result of the one
   * before, in order. It is what remains of the step if every rank had as many streams as it liked.
   */
  public List<Slot> criticalPath() {
    return new CriticalPath(ranks).slots();
  }

  /** The length of {@link #criticalPath}: at most the TTL. */
  public double criticalPathMicros() {
    return criticalPath().stream().mapToDouble(Slot::micros).sum();
  }

  /**
   * How much of the TTL each phase takes. Going back from the end from each operation to what it
   * waited for last, a result or its stream, the time from one start to the next belongs to the
   * earlier one; what is hidden behind it counts for nothing. The sum is the TTL.
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

  /** From the last result back to the start, each after what it waited for. */
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
    for (Wait wait = last.waitedFor(); !wait.none(); wait = slot(wait).waitedFor()) {
      chain.add(slot(wait));
    }
    return chain;
  }

  private Slot slot(Wait wait) {
    return ranks.get(wait.kind()).slots().get(wait.index());
  }
}
