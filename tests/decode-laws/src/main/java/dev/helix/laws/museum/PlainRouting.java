package dev.helix.laws.museum;

import dev.helix.laws.routing.Routed;
import dev.helix.laws.routing.RoutingInput;
import dev.helix.laws.routing.RoutingRule;
import dev.helix.laws.routing.RoutingRule.GroupScore;
import dev.helix.laws.routing.RoutingRule.Scoring;
import dev.helix.laws.routing.RoutingUnderTest;
import java.util.Arrays;
import java.util.stream.IntStream;

/** The textbook choice of experts. Faulty variants override a step of it. */
class PlainRouting implements RoutingUnderTest {
  @Override
  public final Routed route(RoutingInput input) {
    RoutingRule rule = input.rule();
    int[] experts = new int[input.tokens() * rule.topK()];
    double[] weights = new double[experts.length];
    for (int token = 0; token < input.tokens(); token++) {
      int from = token * rule.experts();
      double[] logits = Arrays.copyOfRange(input.logits(), from, from + rule.experts());
      Arrays.setAll(logits, expert -> logit(expert, logits[expert]));
      double[] scores = scores(rule, logits);
      double[] ranking = new double[scores.length];
      Arrays.setAll(ranking, expert -> scores[expert] + input.bias()[expert]);
      int[] chosen = best(withoutDropped(rule, ranking), rule.topK());
      double[] gates = Arrays.stream(chosen).mapToDouble(e -> gate(e, scores, input)).toArray();
      double sum = rule.weighting().renormalised() ? Arrays.stream(gates).sum() : 1;
      for (int k = 0; k < chosen.length; k++) {
        experts[token * chosen.length + k] = chosen[k];
        weights[token * chosen.length + k] = scaled(rule, gates[k] / sum);
      }
    }
    return new Routed(experts, weights);
  }

  /** The logit that is used for an expert; correctly the given one. */
  double logit(int expert, double z) {
    return z;
  }

  private static double[] scores(RoutingRule rule, double[] logits) {
    if (rule.scoring() == Scoring.SIGMOID) {
      return Arrays.stream(logits).map(z -> 1 / (1 + Math.exp(-z))).toArray();
    }
    double greatest = Arrays.stream(logits).max().orElseThrow();
    double[] scores = Arrays.stream(logits).map(z -> Math.exp(z - greatest)).toArray();
    double sum = Arrays.stream(scores).sum();
    return Arrays.stream(scores).map(e -> e / sum).toArray();
  }

  /** The ranking, in which the experts of groups that do not stay are the last. */
  private double[] withoutDropped(RoutingRule rule, double[] ranking) {
    int size = rule.groupSize();
    double[] groups = new double[rule.groups().count()];
    for (int group = 0; group < groups.length; group++) {
      double[] members = Arrays.copyOfRange(ranking, group * size, (group + 1) * size);
      groups[group] =
          IntStream.of(best(members, counted(rule.groups().score(), size)))
              .mapToDouble(e -> members[e])
              .sum();
    }
    int[] kept = best(groups, rule.groups().kept());
    double[] left = new double[ranking.length];
    Arrays.setAll(
        left,
        expert ->
            IntStream.of(kept).anyMatch(group -> group == expert / size)
                ? ranking[expert]
                : dropped());
    return left;
  }

  /** Number of experts of a group whose scores make up the group's score. */
  int counted(GroupScore score, int size) {
    return score == GroupScore.BEST ? 1 : 2;
  }

  /** The ranking of an expert whose group was dropped. */
  double dropped() {
    return Double.NEGATIVE_INFINITY;
  }

  /** The weight of a chosen expert before weights are renormalised. */
  double gate(int expert, double[] scores, RoutingInput input) {
    return scores[expert];
  }

  double scaled(RoutingRule rule, double weight) {
    return weight * rule.weighting().scale();
  }

  /**
   * The indices of the greatest values. NaN counts as greater than all numbers, and of equal values
   * the lowest index comes first.
   */
  int[] best(double[] values, int count) {
    return IntStream.range(0, values.length)
        .boxed()
        .sorted((a, b) -> Double.compare(values[b] + 0.0, values[a] + 0.0))
        .limit(count)
        .mapToInt(i -> i)
        .toArray();
  }
}
