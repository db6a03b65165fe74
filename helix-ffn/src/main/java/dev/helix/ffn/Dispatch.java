package dev.helix.ffn;

import java.util.ArrayList;
import java.util.List;

/**
 * Which tokens of a step go to the experts of one group: a list of assignments, those of the
 * group's first expert first, each expert's in the order of the batch. No capacity limits it: an
 * expert may get all tokens or none.
 *
 * @param rows the token's row in the batch, of each assignment
 * @param weights with which its output is added, of each assignment
 * @param counts assignments of each of the group's experts
 * @param activeExperts how many of the group's experts are read: those with an assignment; a
 *     fraction only where the load is an expectation
 */
public record Dispatch(
    List<Integer> rows, List<Double> weights, List<Integer> counts, double activeExperts) {
  /** Of assignments that are known. */
  public Dispatch(List<Integer> rows, List<Double> weights, List<Integer> counts) {
    this(rows, weights, counts, (double) counts.stream().filter(count -> count > 0).count());
  }

  public Dispatch {
    rows = List.copyOf(rows);
    weights = List.copyOf(weights);
    counts = List.copyOf(counts);
  }

  /** The assignments to some of the experts. */
  public static Dispatch of(Routing routing, ExpertRange experts) {
    List<Integer> rows = new ArrayList<>();
    List<Double> weights = new ArrayList<>();
    List<Integer> counts = new ArrayList<>();
    for (int expert = experts.first(); experts.has(expert); expert++) {
      int before = rows.size();
      for (int row = 0; row < routing.tokens().size(); row++) {
        Routing.Choice choice = routing.tokens().get(row);
        int place = choice.experts().indexOf(expert);
        if (place >= 0) {
          rows.add(row);
          weights.add(choice.weights().get(place));
        }
      }
      counts.add(rows.size() - before);
    }
    return new Dispatch(rows, weights, counts);
  }

  /** Number of assignments. */
  public int size() {
    return rows.size();
  }

  /** The rows as an index list. */
  public int[] rowIndices() {
    return rows.stream().mapToInt(Integer::intValue).toArray();
  }
}
