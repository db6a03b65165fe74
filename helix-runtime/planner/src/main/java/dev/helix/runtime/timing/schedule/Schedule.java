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
 * @param program the order of their operations, and which of them belong together
 * @param ttlMicros token-to-token latency (TTL): the time from one token of a request to its next.
 *     For a step that passes as one batch it is the time at which the last result is there. If the
 *     step has several micro-batches, the next one has begun by then
 */
public record Schedule(List<RankSchedule> ranks, StepProgram program, double ttlMicros) {
  public Schedule {
    ranks = List.copyOf(ranks);
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
    for (List<OperationAt> alike : program.joint().all()) {
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
   * long. It lacks what waits for a stream only; the chain of {@link #exposed} has that too.
   */
  public List<Slot> criticalPath() {
    return new CriticalPath(ranks, program.joint()).slots();
  }

  /** The length of {@link #criticalPath}: at most the TTL. */
  public double criticalPathMicros() {
    return criticalPath().stream().mapToDouble(Slot::micros).sum();
  }

  /**
   * The part of the TTL that each operation takes, from the last one back. A chain goes from the
   * last result back to the result of the step before: each operation waited last for an earlier
   * one, for its result or for its stream. The time from one start to the next belongs to the
   * earlier operation, and what is hidden behind it counts for nothing. So the sum is the TTL.
   */
  public List<Exposed> exposed() {
    List<Exposed> exposed = new ArrayList<>();
    Optional<Slot> next = last();
    double until = next.map(Slot::endMicros).orElse(0.0);
    double from = until - ttlMicros;
    while (next.isPresent() && until > from) {
      Slot slot = next.get();
      double start = Math.max(from, slot.startMicros());
      exposed.add(new Exposed(slot.operation(), until - start));
      until = start;
      // The step before has no result later than a TTL before the last one. Only rounding is left.
      next =
          slot.waitedFor()
              .filter(waited -> !waited.inStepBefore())
              .map(waited -> slot(waited.operation()));
    }
    return exposed;
  }

  /** The part of the TTL that each phase takes, as the sum over its {@link #exposed} operations. */
  public Map<Phase, Double> exposedMicros() {
    Map<Phase, Double> exposed = new EnumMap<>(Phase.class);
    for (Exposed part : exposed()) {
      exposed.merge(part.operation().phase(), part.micros(), Double::sum);
    }
    return exposed;
  }

  private Optional<Slot> last() {
    Slot last = null;
    for (RankSchedule rank : ranks) {
      for (Slot slot : rank.slots()) {
        last = last == null || slot.endMicros() > last.endMicros() ? slot : last;
      }
    }
    return Optional.ofNullable(last);
  }

  private Slot slot(OperationAt at) {
    return ranks.get(at.kind()).slots().get(at.index());
  }
}
