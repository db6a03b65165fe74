package dev.helix.ffn;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The assignments of a step's tokens to the experts of one group. The assignments of the group's
 * first expert come first, and those of each expert are in the order of the batch. No capacity
 * limits them: an expert may get all tokens or none.
 *
 * @param rows for each assignment, the token's row in the batch
 * @param weights for each assignment, the weight with which the expert's output is added
 * @param counts the number of assignments of each of the group's experts
 * @param activeExperts how many of the group's experts are read, which are those with an
 *     assignment. It is a fraction only where the load is an expectation
 */
public record Dispatch(
    List<Integer> rows, List<Double> weights, List<Integer> counts, double activeExperts) {
  /** Creates the dispatch of assignments that are known. */
  public Dispatch(List<Integer> rows, List<Double> weights, List<Integer> counts) {
    this(rows, weights, counts, (double) counts.stream().filter(count -> count > 0).count());
  }

  public Dispatch {
    rows = List.copyOf(rows);
    weights = List.copyOf(weights);
    counts = List.copyOf(counts);
  }

  /** The assignments of a routing to some of the experts. */
  public static Dispatch of(Routing routing, ExpertRange experts) {
    List<List<Integer>> rows = lists(experts.count());
    List<List<Double>> weights = lists(experts.count());
    for (int row = 0; row < routing.tokens().size(); row++) {
      Routing.Choice choice = routing.tokens().get(row);
      for (int place = 0; place < choice.experts().size(); place++) {
        int expert = choice.experts().get(place);
        if (experts.has(expert)) {
          rows.get(expert - experts.first()).add(row);
          weights.get(expert - experts.first()).add(choice.weights().get(place));
        }
      }
    }
    return new Dispatch(
        rows.stream().flatMap(List::stream).toList(),
        weights.stream().flatMap(List::stream).toList(),
        rows.stream().map(List::size).toList());
  }

  private static <E> List<List<E>> lists(int count) {
    return Stream.generate(() -> (List<E>) new ArrayList<E>()).limit(count).toList();
  }

  /** Number of assignments. */
  public int size() {
    return rows.size();
  }

  /** The rows of the assignments, as an array of indices. */
  public int[] rowIndices() {
    return rows.stream().mapToInt(Integer::intValue).toArray();
  }
}
