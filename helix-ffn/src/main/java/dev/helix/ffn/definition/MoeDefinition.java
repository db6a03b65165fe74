package dev.helix.ffn.definition;

import dev.helix.ffn.RouterRule;
import dev.helix.ffn.RouterRule.GroupScore;
import dev.helix.ffn.RouterRule.Scoring;
import dev.helix.tensor.exact.definition.Dyadic;
import dev.helix.tensor.exact.definition.LinearDefinition;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Defines the exact mixture of experts for one row, unsharded.
 *
 * <pre>
 * z = router·x                                  dot products in fixed order
 * e₁, …, e_k; w₁, …, w_k = chosen by z          in doubles, as {@link RouterRule} says
 * aₑ = wₑ · (silu(gateₑ·x) ⊙ upₑ·x)             each product rounded
 * aₛ = silu(gateₛ·x) ⊙ upₛ·x                    of the shared expert, each product rounded
 * outᵢ = Σₑ Σⱼ downₑ[i,j]·aₑ[j]                 over experts and columns, the shared expert's
 *        + Σⱼ downₛ[i,j]·aₛ[j]                  included: exact, rounded once
 * </pre>
 *
 * <p>This holds on any layout: a column of an expert is whole on one rank, but its sum with the
 * other columns and experts is not, be they routed or shared.
 */
public final class MoeDefinition {
  private final RouterRule rule;
  private final double[] router;
  private final double[] bias;
  private final List<GatedWeights> experts;
  private final Optional<GatedWeights> shared;

  /**
   * Keeps the weights of a mixture.
   *
   * @param router {@code [experts, hidden]}
   * @param bias {@code [experts]}, for the choice alone; zeros if the model has none
   */
  public MoeDefinition(
      RouterRule rule,
      double[] router,
      double[] bias,
      List<GatedWeights> experts,
      Optional<GatedWeights> shared) {
    this.rule = rule;
    this.router = router;
    this.bias = bias;
    this.experts = List.copyOf(experts);
    this.shared = shared;
  }

  /**
   * The mixture of the experts that the router chooses for x.
   *
   * @param x {@code [hidden]}
   * @return {@code [hidden]}
   */
  public double[] apply(double[] x) {
    double[] scores = scores(LinearDefinition.project(router, x));
    List<Integer> chosen = chosen(scores);
    double[] weights = weights(scores, chosen);
    Dyadic[] sums = new Dyadic[x.length];
    Arrays.fill(sums, Dyadic.ZERO);
    for (int k = 0; k < weights.length; k++) {
      addTo(sums, x, experts.get(chosen.get(k)), weights[k]);
    }
    shared.ifPresent(expert -> addTo(sums, x, expert, 1));
    return Arrays.stream(sums).mapToDouble(Dyadic::nearest).toArray();
  }

  private static void addTo(Dyadic[] sums, double[] x, GatedWeights expert, double weight) {
    double[] activated = SwiGluDefinition.activated(x, expert);
    for (int j = 0; j < activated.length; j++) {
      Dyadic weighted = Dyadic.of(weight * activated[j]);
      for (int i = 0; i < sums.length; i++) {
        double down = expert.down[i * activated.length + j];
        sums[i] = sums[i].plus(Dyadic.of(down).times(weighted));
      }
    }
  }

  /**
   * Each expert's score: 1/(1 + exp(−z)), or exp(z − max)/Σ with the sum by rising index. Each
   * operation is rounded.
   */
  private double[] scores(double[] z) {
    if (rule.scoring() == Scoring.SIGMOID) {
      return Arrays.stream(z).map(logit -> 1 / (1 + StrictMath.exp(-logit))).toArray();
    }
    double greatest = Arrays.stream(z).max().orElseThrow();
    double[] powers = Arrays.stream(z).map(logit -> StrictMath.exp(logit - greatest)).toArray();
    double sum = 0;
    for (double power : powers) {
      sum += power;
    }
    double divisor = sum;
    return Arrays.stream(powers).map(power -> power / divisor).toArray();
  }

  /** The best experts of the best groups, by score plus bias; the best comes first. */
  private List<Integer> chosen(double[] scores) {
    double[] ranking = LinearDefinition.sum(scores, bias);
    double[] groupScores = new double[rule.groups()];
    for (int group = 0; group < groupScores.length; group++) {
      int first = group * rule.groupSize();
      List<Integer> members = best(ranking, range(first, first + rule.groupSize()));
      groupScores[group] = ranking[members.get(0)];
      if (rule.groupScore() == GroupScore.BEST_TWO && members.size() > 1) {
        groupScores[group] += ranking[members.get(1)];
      }
    }
    List<Integer> kept = best(groupScores, range(0, rule.groups())).subList(0, rule.keptGroups());
    List<Integer> candidates =
        range(0, rule.experts()).stream()
            .filter(expert -> kept.contains(expert / rule.groupSize()))
            .toList();
    return best(ranking, candidates).subList(0, rule.topK());
  }

  /**
   * Each chosen expert's weight: score / (Σ + 10⁻²⁰) · scale, or score · scale. The sum starts with
   * the best expert.
   */
  private double[] weights(double[] scores, List<Integer> chosen) {
    double divisor = 1;
    if (rule.normalised()) {
      double sum = 0;
      for (int expert : chosen) {
        sum += scores[expert];
      }
      divisor = sum + RouterRule.NORMALISER;
    }
    double[] weights = new double[chosen.size()];
    for (int k = 0; k < weights.length; k++) {
      weights[k] = scores[chosen.get(k)] / divisor * rule.scale();
    }
    return weights;
  }

  /**
   * The indices of the greatest values, the greatest first; of equal values the lowest index comes
   * first.
   */
  private static List<Integer> best(double[] values, List<Integer> indices) {
    List<Integer> sorted = new ArrayList<>(indices);
    sorted.sort(Comparator.<Integer>comparingDouble(i -> -values[i]).thenComparing(i -> i));
    return sorted;
  }

  private static List<Integer> range(int from, int to) {
    return IntStream.range(from, to).boxed().toList();
  }
}
