package dev.helix.ffn;

import dev.helix.ffn.RouterRule.GroupScore;
import dev.helix.ffn.RouterRule.Scoring;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntPredicate;

/**
 * Chooses the experts of each token from the router's logits, by a {@link RouterRule}. Every rank
 * chooses for itself. All ranks have logits with the same bits, and compute in plain Java on
 * doubles with {@link StrictMath}, so they choose alike on every machine.
 */
public final class ExpertRouter {
  private final RouterRule rule;
  private final double[] bias;

  /**
   * Creates a router.
   *
   * @param bias {@code [experts]}, added to scores for the choice and not for the weights; zeros if
   *     the model has none
   * @throws IllegalArgumentException if the bias has not one element for each expert
   */
  public ExpertRouter(RouterRule rule, double[] bias) {
    if (bias.length != rule.experts()) {
      throw new IllegalArgumentException(
          "selection bias has %d elements, expected %d".formatted(bias.length, rule.experts()));
    }
    this.rule = rule;
    this.bias = bias.clone();
  }

  /**
   * Routes the tokens of a step.
   *
   * @param logits {@code [batch, width]}, row-major; columns behind the experts are padding
   * @param rows number of tokens of the step
   * @throws ArithmeticException if a logit is NaN or infinite
   */
  public Routing route(double[] logits, int rows) {
    int width = rows == 0 ? 0 : logits.length / rows;
    if (rows > 0 && (logits.length % rows != 0 || width < rule.experts())) {
      throw new IllegalArgumentException(
          "%d router logits for %d tokens and %d experts"
              .formatted(logits.length, rows, rule.experts()));
    }
    List<Routing.Choice> choices = new ArrayList<>(rows);
    for (int row = 0; row < rows; row++) {
      choices.add(choose(logits, row * width));
    }
    return new Routing(choices);
  }

  private Routing.Choice choose(double[] logits, int from) {
    double[] scores = scores(logits, from);
    double[] ranking = new double[scores.length];
    for (int expert = 0; expert < ranking.length; expert++) {
      ranking[expert] = scores[expert] + bias[expert];
    }
    boolean[] kept = keptGroups(ranking);
    List<Integer> experts =
        best(ranking, 0, ranking.length, rule.topK(), expert -> kept[expert / rule.groupSize()]);
    double divisor = 1;
    if (rule.normalised()) {
      double sum = 0;
      for (int expert : experts) {
        sum += scores[expert];
      }
      divisor = sum + RouterRule.NORMALISER;
    }
    List<Double> weights = new ArrayList<>();
    for (int expert : experts) {
      weights.add(scores[expert] / divisor * rule.scale());
    }
    return new Routing.Choice(experts, weights);
  }

  private double[] scores(double[] logits, int from) {
    double[] scores = new double[rule.experts()];
    double greatest = Double.NEGATIVE_INFINITY;
    for (int expert = 0; expert < scores.length; expert++) {
      double logit = logits[from + expert];
      if (!Double.isFinite(logit)) {
        throw new ArithmeticException("the router's logit of expert " + expert + " is " + logit);
      }
      scores[expert] = logit;
      greatest = Math.max(greatest, logit);
    }
    double sum = 0;
    for (int expert = 0; expert < scores.length; expert++) {
      if (rule.scoring() == Scoring.SIGMOID) {
        scores[expert] = 1 / (1 + StrictMath.exp(-scores[expert]));
      } else {
        scores[expert] = StrictMath.exp(scores[expert] - greatest);
        sum += scores[expert];
      }
    }
    for (int expert = 0; rule.scoring() == Scoring.SOFTMAX && expert < scores.length; expert++) {
      scores[expert] /= sum;
    }
    return scores;
  }

  private boolean[] keptGroups(double[] ranking) {
    double[] groupScores = new double[rule.groups()];
    for (int group = 0; group < groupScores.length; group++) {
      int first = group * rule.groupSize();
      int members = rule.groupScore() == GroupScore.BEST_TWO ? 2 : 1;
      int counted = Math.min(members, rule.groupSize());
      for (int expert : best(ranking, first, first + rule.groupSize(), counted, e -> true)) {
        groupScores[group] += ranking[expert];
      }
    }
    boolean[] kept = new boolean[rule.groups()];
    for (int group : best(groupScores, 0, groupScores.length, rule.keptGroups(), g -> true)) {
      kept[group] = true;
    }
    return kept;
  }

  /**
   * The indices from {@code first} to before {@code end} of the {@code count} greatest values that
   * are allowed, the greatest first; of equal values the one with the lowest index wins. A router
   * is asked for every token of every layer that is traced, so the values are passed once.
   */
  private static List<Integer> best(
      double[] values, int first, int end, int count, IntPredicate allowed) {
    int[] best = new int[count];
    int found = 0;
    for (int i = first; i < end; i++) {
      boolean better = found < count || values[i] > values[best[found - 1]];
      if (!better || !allowed.test(i)) {
        continue;
      }
      int place = found < count ? found++ : found - 1;
      while (place > 0 && values[i] > values[best[place - 1]]) {
        best[place] = best[place - 1];
        place--;
      }
      best[place] = i;
    }
    return Arrays.stream(best).boxed().toList();
  }
}
