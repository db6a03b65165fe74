package dev.helix.ffn;

import dev.helix.ffn.RouterRule.GroupScore;
import dev.helix.ffn.RouterRule.Scoring;
import java.util.ArrayList;
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
    List<Integer> experts = best(ranking, rule.topK(), expert -> kept[expert / rule.groupSize()]);
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
      int index = group;
      int members = rule.groupScore() == GroupScore.BEST_TWO ? 2 : 1;
      int counted = Math.min(members, rule.groupSize());
      for (int expert : best(ranking, counted, e -> e / rule.groupSize() == index)) {
        groupScores[group] += ranking[expert];
      }
    }
    boolean[] kept = new boolean[rule.groups()];
    for (int group : best(groupScores, rule.keptGroups(), g -> true)) {
      kept[group] = true;
    }
    return kept;
  }

  /**
   * The indices of the {@code count} greatest values that are allowed; of equal values the one with
   * the lowest index wins.
   */
  private static List<Integer> best(double[] values, int count, IntPredicate allowed) {
    List<Integer> best = new ArrayList<>(count);
    boolean[] taken = new boolean[values.length];
    while (best.size() < count) {
      int next = -1;
      for (int i = 0; i < values.length; i++) {
        if (!taken[i] && allowed.test(i) && (next < 0 || values[i] > values[next])) {
          next = i;
        }
      }
      taken[next] = true;
      best.add(next);
    }
    return best;
  }
}
