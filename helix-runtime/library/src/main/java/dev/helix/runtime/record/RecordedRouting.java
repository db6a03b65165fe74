package dev.helix.runtime.record;

import dev.helix.ffn.Routing;
import java.util.ArrayList;
import java.util.List;

/** Routing as a row of numbers for each token, as a {@link RunRecord} keeps it. */
public final class RecordedRouting {
  private RecordedRouting() {}

  /** For each token the indices of its k experts, then their k weights: {@code [batch, 2k]}. */
  public static double[] numbers(Routing routing) {
    return routing.tokens().stream()
        .flatMapToDouble(
            choice ->
                java.util.stream.DoubleStream.concat(
                    choice.experts().stream().mapToDouble(Integer::doubleValue),
                    choice.weights().stream().mapToDouble(Double::doubleValue)))
        .toArray();
  }

  /**
   * A token's choice from its row.
   *
   * @param row {@code [2k]}
   */
  public static Routing.Choice choice(double[] row) {
    List<Integer> experts = new ArrayList<>();
    List<Double> weights = new ArrayList<>();
    for (int i = 0; i < row.length / 2; i++) {
      experts.add((int) row[i]);
      weights.add(row[row.length / 2 + i]);
    }
    return new Routing.Choice(experts, weights);
  }
}
