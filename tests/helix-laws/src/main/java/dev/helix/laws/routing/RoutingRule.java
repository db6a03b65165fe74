package dev.helix.laws.routing;

import java.util.Locale;

/**
 * The rule by which a router chooses experts from their logits. Each expert's logit becomes a
 * score. The groups with the best group scores stay, and of their experts those with the best score
 * plus bias are chosen. If several are equal, the lowest index wins, for groups and for experts.
 * The weight of a chosen expert is its score without bias, treated as {@link Weighting} says.
 *
 * @param topK number of experts that are chosen for a token
 */
public record RoutingRule(
    Scoring scoring, int experts, int topK, ExpertGroups groups, Weighting weighting) {
  public RoutingRule {
    if (experts % groups.count() != 0
        || topK < 1
        || topK > experts / groups.count() * groups.kept()
        || (groups.score() == GroupScore.BEST_TWO && experts / groups.count() < 2)) {
      throw new IllegalArgumentException(
          "%d of %d experts do not fit %s".formatted(topK, experts, groups));
    }
  }

  /** The function that turns logits into scores. */
  public enum Scoring {
    /** 1/(1 + exp(−z)), each for itself: DeepSeek-V3. */
    SIGMOID,
    /** exp(z)/Σ exp(z) over all experts: Mixtral, DeepSeek-V2. */
    SOFTMAX
  }

  /**
   * The function that turns the scores of a group's experts, bias included, into the group's score.
   */
  public enum GroupScore {
    /** The best: DeepSeek-V2. */
    BEST,
    /** The sum of the best two: DeepSeek-V3. */
    BEST_TWO
  }

  /**
   * The groups into which the experts are divided: runs of equal length.
   *
   * @param count how many there are; 1 where the model has no groups
   * @param kept how many stay
   */
  public record ExpertGroups(int count, int kept, GroupScore score) {
    /** All experts in one. */
    public static final ExpertGroups NONE = new ExpertGroups(1, 1, GroupScore.BEST);
  }

  /**
   * The function that turns the scores of the chosen experts into weights.
   *
   * @param renormalised whether the scores are divided by their sum
   * @param scale the factor of the weights at the end
   */
  public record Weighting(boolean renormalised, double scale) {}

  /** Number of experts of one group. */
  public int groupSize() {
    return experts / groups.count();
  }

  /** The rule in the words of the files that a router reads. */
  @Override
  public String toString() {
    String ofGroups =
        groups.count() == 1
            ? ""
            : ", %d of %d groups kept by their %s"
                .formatted(groups.kept(), groups.count(), label(groups.score()));
    return "the rule %s, %d experts, top_k %d%s%s, scale %s"
        .formatted(
            label(scoring),
            experts,
            topK,
            ofGroups,
            weighting.renormalised() ? ", renormalised" : "",
            weighting.scale());
  }

  private static String label(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
