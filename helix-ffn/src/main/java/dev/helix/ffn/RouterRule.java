package dev.helix.ffn;

import dev.helix.tensor.InvalidInputException;
import dev.helix.tensor.Sizes;

/**
 * How a router chooses experts (DeepSeek-V3, arXiv 2412.19437, §2.1.2; with one group and softmax
 * scores Mixtral, arXiv 2401.04088, §2.1).
 *
 * <p>Each expert's logit becomes a score. The groups with the best group scores stay, and of their
 * experts the {@code topK} with the best score plus bias are chosen. Of equals the lowest index
 * wins, for groups and for experts. The weight of a chosen expert is its score without bias; if
 * {@code normalised}, over the sum of the chosen ones' and 10⁻²⁰; times {@code scale}.
 *
 * @param experts E
 * @param topK experts chosen for a token
 * @param groups into how many runs of equal length the experts are divided
 * @param keptGroups groups that stay
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
  /** Added to the sum by which weights are divided. */
  public static final double NORMALISER = 1e-20;

  /** What makes scores of logits. */
  public enum Scoring {
    /** 1/(1 + exp(−z)), each for itself. */
    SIGMOID,
    /** exp(z)/Σ exp(z) over all experts. */
    SOFTMAX
  }

  /** What makes a group's score of its experts' scores, bias included. */
  public enum GroupScore {
    /** The sum of the best two: DeepSeek-V3. */
    BEST_TWO,
    /** The best: DeepSeek-V2. */
    BEST
  }

  /**
   * @throws InvalidInputException naming the rule that the numbers break
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

  /** Softmax scores and the best {@code topK} of all experts, as Mixtral and Qwen-MoE route. */
  public static RouterRule plain(int experts, int topK, boolean normalised) {
    return new RouterRule(Scoring.SOFTMAX, experts, topK, 1, 1, GroupScore.BEST, normalised, 1.0);
  }

  /** Experts of one group. */
  public int groupSize() {
    return experts / groups;
  }
}
