package dev.helix.ffn;

import dev.helix.tensor.InvalidInputException;
import dev.helix.tensor.Sizes;

/**
 * The rule by which a router chooses experts (DeepSeek-V3, arXiv 2412.19437, §2.1.2). With one
 * group and softmax scores it is that of Mixtral (arXiv 2401.04088, §2.1).
 *
 * <p>Each expert's logit becomes a score. The groups with the best group scores stay, and among
 * their experts the {@code topK} with the best score plus bias are chosen. If several are equal,
 * the one with the lowest index wins; this holds for groups and for experts. The weight of a chosen
 * expert is its score without bias, times {@code scale}. If {@code normalised}, the score is first
 * divided by the sum of 10⁻²⁰ and the scores of all chosen experts.
 *
 * @param scoring how logits become scores
 * @param experts E, the number of experts
 * @param topK number of experts that are chosen for a token
 * @param groups number of groups, which are runs of experts of equal length
 * @param keptGroups number of groups that stay
 * @param groupScore how the scores of experts become the score of their group
 * @param normalised whether the weights of a token's experts are made to sum to {@code scale}
 * @param scale the factor on all weights
 */
public record RouterRule(
    Scoring scoring,
    int experts,
    int topK,
    int groups,
    int keptGroups,
    GroupScore groupScore,
    boolean normalised,
    double scale) {
  /** The number that is added to the sum by which weights are divided. */
  public static final double NORMALISER = 1e-20;

  /** The function that turns logits into scores. */
  public enum Scoring {
    /** The score is 1/(1 + exp(−z)), for each expert by itself. */
    SIGMOID,
    /** The score is exp(z)/Σ exp(z), with the sum over all experts. */
    SOFTMAX
  }

  /**
   * The function that turns the scores of a group's experts, bias included, into the score of the
   * group.
   */
  public enum GroupScore {
    /** The sum of the best two scores, as in DeepSeek-V3. */
    BEST_TWO,
    /** The best score, as in DeepSeek-V2. */
    BEST
  }

  /**
   * Checks the numbers of the rule.
   *
   * @throws InvalidInputException naming the condition that they break
   */
  public RouterRule {
    Sizes.requirePositive("experts", experts);
    Sizes.requirePositive("experts for a token", topK);
    Sizes.requirePositive("expert groups", groups);
    Sizes.requirePositive("kept expert groups", keptGroups);
    if (experts % groups != 0) {
      throw new InvalidInputException(
          "expert groups (%d) must divide the experts (%d)".formatted(groups, experts));
    }
    if (keptGroups > groups) {
      throw new InvalidInputException(
          "kept expert groups (%d) must be at most the groups (%d)".formatted(keptGroups, groups));
    }
    int available = experts / groups * keptGroups;
    if (topK > available) {
      throw new InvalidInputException(
          "experts for a token (%d) must be at most the experts of the kept groups (%d × %d = %d)"
              .formatted(topK, keptGroups, experts / groups, available));
    }
    if (groupScore == GroupScore.BEST_TWO && keptGroups < groups && experts / groups < 2) {
      throw new InvalidInputException(
          "groups scored by their best two experts must have at least 2, got %d in %d groups"
              .formatted(experts, groups));
    }
    if (!(scale > 0) || Double.isInfinite(scale)) {
      throw new InvalidInputException(
          "scale of routed experts must be positive and finite, got " + scale);
    }
  }

  /** The rule of Mixtral and Qwen-MoE: softmax scores, and the best {@code topK} of all experts. */
  public static RouterRule plain(int experts, int topK, boolean normalised) {
    return new RouterRule(Scoring.SOFTMAX, experts, topK, 1, 1, GroupScore.BEST, normalised, 1.0);
  }

  /** Number of experts in each group. */
  public int groupSize() {
    return experts / groups;
  }
}
