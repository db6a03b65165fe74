package dev.helix.ffn.baseline;

import dev.helix.ffn.MoeShape;
import dev.helix.ffn.RouterRule;
import dev.helix.ffn.RouterRule.GroupScore;
import dev.helix.ffn.RouterRule.Scoring;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * A mixture of experts by its textbook formula, on the whole weights (DeepSeek-V3, arXiv
 * 2412.19437, eqs. 12 to 16; Mixtral, arXiv 2401.04088, §2.1):
 *
 * <pre>out = shared(x) + Σ wₑ·expertₑ(x)    over the chosen experts e</pre>
 *
 * {@link RouterRule} says which experts these are, and which weights they have.
 *
 * <p>Do not use it for speed. It keeps no state: one instance serves all requests and threads.
 */
public final class UnshardedMoe implements BaselineFfn {
  private final MoeShape shape;
  private final RouterRule rule;
  private final double[] router;
  private final double[] bias;
  private final List<UnshardedSwiGlu> experts;
  private final Optional<UnshardedSwiGlu> shared;

  /**
   * Creates the mixture. The weights are kept and not copied; nobody may change them any more.
   *
   * @param router {@code [experts, hidden]}
   * @param bias {@code [experts]}, used for the choice only; zeros if the model has none
   * @throws IllegalArgumentException if a weight has another number of elements
   */
  public UnshardedMoe(
      MoeShape shape,
      RouterRule rule,
      double[] router,
      double[] bias,
      List<UnshardedSwiGlu> experts,
      Optional<UnshardedSwiGlu> shared) {
    this.shape = shape;
    this.rule = rule;
    this.router = UnshardedSwiGlu.requireMatrix("router", router, shape.experts(), shape.hidden());
    this.bias = UnshardedSwiGlu.requireMatrix("selection bias", bias, 1, shape.experts());
    this.experts = List.copyOf(experts);
    this.shared = shared;
    if (experts.size() != shape.experts() || shared.isPresent() != shape.hasShared()) {
      throw new IllegalArgumentException(
          "%d experts%s do not fit %s"
              .formatted(experts.size(), shared.isPresent() ? " and a shared one" : "", shape));
    }
  }

  @Override
  public double[] apply(double[] x) {
    return apply(x, chosen(x));
  }

  @Override
  public double[] apply(double[] x, List<Integer> given) {
    List<Integer> chosen = given.isEmpty() ? chosen(x) : given;
    double[] out = shared.map(expert -> expert.apply(x)).orElseGet(() -> new double[x.length]);
    double[] weights = weights(x, chosen);
    for (int k = 0; k < weights.length; k++) {
      double[] y = experts.get(chosen.get(k)).apply(x);
      for (int i = 0; i < out.length; i++) {
        out[i] += weights[k] * y[i];
      }
    }
    return out;
  }

  /** The router's own choice, the best first. */
  public List<Integer> chosen(double[] x) {
    double[] ranking = ranking(x);
    double[] groupScores = groupScores(ranking);
    List<Integer> keptGroups =
        sorted(groupScores, IntStream.range(0, rule.groups()).boxed().toList())
            .subList(0, rule.keptGroups());
    List<Integer> candidates =
        IntStream.range(0, rule.experts())
            .boxed()
            .filter(expert -> keptGroups.contains(expert / rule.groupSize()))
            .toList();
    return sorted(ranking, candidates).subList(0, rule.topK());
  }

  /** The factors on the outputs of the chosen experts, in the same order. */
  public double[] weights(double[] x, List<Integer> chosen) {
    double[] scores = scores(x);
    double[] weights = new double[chosen.size()];
    double sum = 0;
    for (int k = 0; k < weights.length; k++) {
      weights[k] = scores[chosen.get(k)];
      sum += weights[k];
    }
    for (int k = 0; k < weights.length; k++) {
      if (rule.normalised()) {
        weights[k] /= sum + RouterRule.NORMALISER;
      }
      weights[k] *= rule.scale();
    }
    return weights;
  }

  /** Each expert's score, {@code [experts]}. */
  public double[] scores(double[] x) {
    double[] z = UnshardedSwiGlu.product(router, x);
    double[] scores = new double[z.length];
    if (rule.scoring() == Scoring.SIGMOID) {
      for (int e = 0; e < z.length; e++) {
        scores[e] = 1 / (1 + StrictMath.exp(-z[e]));
      }
      return scores;
    }
    double max = IntStream.range(0, z.length).mapToDouble(e -> z[e]).max().orElseThrow();
    double sum = 0;
    for (int e = 0; e < z.length; e++) {
      scores[e] = StrictMath.exp(z[e] - max);
      sum += scores[e];
    }
    for (int e = 0; e < z.length; e++) {
      scores[e] /= sum;
    }
    return scores;
  }

  /** Each expert's score plus bias, by which experts are chosen, {@code [experts]}. */
  public double[] ranking(double[] x) {
    double[] ranking = scores(x);
    for (int e = 0; e < ranking.length; e++) {
      ranking[e] += bias[e];
    }
    return ranking;
  }

  /** The score of each group, {@code [groups]}. */
  public double[] groupScores(double[] ranking) {
    double[] groupScores = new double[rule.groups()];
    for (int group = 0; group < groupScores.length; group++) {
      int first = group * rule.groupSize();
      List<Integer> members =
          sorted(ranking, IntStream.range(first, first + rule.groupSize()).boxed().toList());
      groupScores[group] = ranking[members.get(0)];
      if (rule.groupScore() == GroupScore.BEST_TWO && members.size() > 1) {
        groupScores[group] += ranking[members.get(1)];
      }
    }
    return groupScores;
  }

  /**
   * The indices ordered by their values, the best first; of equal values the lowest index comes
   * first.
   */
  private static List<Integer> sorted(double[] values, List<Integer> indices) {
    List<Integer> sorted = new ArrayList<>(indices);
    sorted.sort(Comparator.<Integer>comparingDouble(i -> -values[i]).thenComparing(i -> i));
    return sorted;
  }

  // The error bound reads the following.

  public MoeShape shape() {
    return shape;
  }

  public RouterRule rule() {
    return rule;
  }

  public double[] router() {
    return router;
  }

  public UnshardedSwiGlu expert(int index) {
    return experts.get(index);
  }

  public Optional<UnshardedSwiGlu> shared() {
    return shared;
  }
}
