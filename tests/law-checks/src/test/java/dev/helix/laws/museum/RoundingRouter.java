package dev.helix.laws.museum;

import dev.helix.laws.routing.Routed;
import dev.helix.laws.routing.RoutingInput;
import dev.helix.laws.routing.RoutingRule;
import dev.helix.laws.routing.RoutingRule.GroupScore;
import dev.helix.laws.routing.RoutingRule.Scoring;
import dev.helix.laws.routing.RoutingUnderTest;
import dev.helix.tensor.DType;
import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;

/**
 * A right router that rounds the result of each operation to its format.
 *
 * @param exponential with its own rounding
 */
record RoundingRouter(DType format, DoubleUnaryOperator exponential) implements RoutingUnderTest {
  @Override
  public Routed route(RoutingInput input) {
    RoutingRule rule = input.rule();
    int topK = rule.topK();
    int[] experts = new int[input.tokens() * topK];
    double[] weights = new double[experts.length];
    for (int token = 0; token < input.tokens(); token++) {
      int from = token * rule.experts();
      double[] scores =
          scores(rule, Arrays.copyOfRange(input.logits(), from, from + rule.experts()));
      double[] ranking = new double[scores.length];
      Arrays.setAll(ranking, e -> format.round(scores[e] + input.bias()[e]));
      int[] chosen = best(ofKeptGroups(rule, ranking), topK);
      double sum = 0;
      for (int expert : chosen) {
        sum = format.round(sum + scores[expert]);
      }
      for (int k = 0; k < topK; k++) {
        double score = scores[chosen[k]];
        double weight = rule.weighting().renormalised() ? format.round(score / sum) : score;
        experts[token * topK + k] = chosen[k];
        weights[token * topK + k] = format.round(weight * rule.weighting().scale());
      }
    }
    return new Routed(experts, weights);
  }

  private double[] scores(RoutingRule rule, double[] logits) {
    if (rule.scoring() == Scoring.SIGMOID) {
      return Arrays.stream(logits)
          .map(z -> format.round(1 / format.round(1 + exponential.applyAsDouble(-z))))
          .toArray();
    }
    double greatest = Arrays.stream(logits).max().orElseThrow();
    double[] terms =
        Arrays.stream(logits)
            .map(z -> exponential.applyAsDouble(format.round(z - greatest)))
            .toArray();
    double sum = Arrays.stream(terms).reduce(0, (a, b) -> format.round(a + b));
    return Arrays.stream(terms).map(e -> format.round(e / sum)).toArray();
  }

  /** The ranking, in which the experts of groups that do not stay are the last. */
  private double[] ofKeptGroups(RoutingRule rule, double[] ranking) {
    int size = rule.groupSize();
    int counted = rule.groups().score() == GroupScore.BEST ? 1 : 2;
    double[] groups = new double[rule.groups().count()];
    for (int group = 0; group < groups.length; group++) {
      double[] members = Arrays.copyOfRange(ranking, group * size, (group + 1) * size);
      groups[group] =
          IntStream.of(best(members, counted))
              .mapToDouble(e -> members[e])
              .reduce(0, (a, b) -> format.round(a + b));
    }
    boolean[] stays = new boolean[groups.length];
    Arrays.stream(best(groups, rule.groups().kept())).forEach(group -> stays[group] = true);
    return IntStream.range(0, ranking.length)
        .mapToDouble(e -> stays[e / size] ? ranking[e] : Double.NEGATIVE_INFINITY)
        .toArray();
  }

  /** The greatest, NaN before all numbers; of equals the lowest index. */
  private static int[] best(double[] values, int count) {
    return IntStream.range(0, values.length)
        .boxed()
        .sorted((a, b) -> Double.compare(values[b] + 0.0, values[a] + 0.0))
        .limit(count)
        .mapToInt(i -> i)
        .toArray();
  }
}
