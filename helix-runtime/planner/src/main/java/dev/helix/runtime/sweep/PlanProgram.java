package dev.helix.runtime.sweep;

import dev.helix.runtime.timing.schedule.StepProgram;
import dev.helix.runtime.trace.ShortStep;
import dev.helix.runtime.trace.StepTrace;
import dev.helix.tensor.trace.RankKind;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The schedule of all steps of one structure, and the layers that it leaves out. */
final class PlanProgram {
  private final PiecedStep step;
  private final StepProgram schedule;
  private final List<Repeat> repeats;

  /**
   * Puts the operations of a step in order.
   *
   * @param split which operations are split, by name and phase
   * @param stand how many operations stand for the pieces of each
   */
  PlanProgram(ShortStep whole, Set<String> split, int stand) {
    List<RankKind> kinds = whole.trace().kinds().stream().map(StepTrace.Kind::ranks).toList();
    this.step = PiecedStep.of(kinds, split, stand);
    this.schedule = StepProgram.of(step.kinds());
    Map<ShortStep.Run, Set<Integer>> runs =
        new TreeMap<>(Comparator.comparingInt(ShortStep.Run::layer));
    for (int kind = 0; kind < whole.runs().size(); kind++) {
      for (ShortStep.Run run : whole.runs().get(kind)) {
        runs.computeIfAbsent(run, first -> new HashSet<>()).add(kind);
      }
    }
    this.repeats =
        runs.entrySet().stream()
            .map(
                entry ->
                    new Repeat(
                        schedule.at(entry.getKey().first()),
                        schedule.at(entry.getKey().second()),
                        entry.getKey().left(),
                        entry.getValue()))
            .toList();
  }

  /** The step with its pieces. */
  PiecedStep step() {
    return step;
  }

  /** The order in which streams take its operations. */
  StepProgram schedule() {
    return schedule;
  }

  /** The time of a step on its way through all layers. */
  double wayMicros(StepProgram.Times times) {
    double way = times.ttlMicros();
    for (Repeat repeat : repeats) {
      way += repeat.left * repeat.micros(times);
    }
    return way;
  }

  /** A stage takes the next micro-batch when it has computed this one. */
  double slowestStageMicros(StepProgram.Times times) {
    double slowest = 0;
    for (int kind = 0; kind < schedule.kinds().size(); kind++) {
      double micros = times.computingMicros(kind);
      for (Repeat repeat : repeats) {
        micros += repeat.kinds.contains(kind) ? repeat.left * repeat.micros(times) : 0;
      }
      slowest = Math.max(slowest, micros);
    }
    return slowest;
  }

  /** Layers that a step leaves out, and the kinds of ranks that run them. */
  private static final class Repeat {
    private final int[] first;
    private final int[] second;
    private final int left;
    private final Set<Integer> kinds;

    /** Takes the operations of the first and of the second layer of the same kind. */
    Repeat(int[] first, int[] second, int left, Set<Integer> kinds) {
      this.first = first;
      this.second = second;
      this.left = left;
      this.kinds = kinds;
    }

    double micros(StepProgram.Times times) {
      return times.endMicros(second) - times.endMicros(first);
    }
  }
}
