package dev.helix.laws.routing;

import dev.helix.laws.routing.RoutingRule.ExpertGroups;
import dev.helix.laws.routing.RoutingRule.GroupScore;
import dev.helix.laws.routing.RoutingRule.Scoring;
import dev.helix.laws.routing.RoutingRule.Weighting;
import java.util.Set;

/**
 * Logits, biases and rules that have broken shipped routers. Half of all drawn cases are one of
 * these.
 */
public enum RoutingHardCase {
  /** There are at least three groups of at least three experts, of which not all stay. */
  GROUPS,
  /**
   * All scores with their biases are negative, so that a dropped group that is marked by 0 would be
   * the best.
   */
  BIASES_BELOW_MINUS_1,
  /** Biases are so large that a score added to them loses its digits. */
  BIASES_ABOVE_12,
  /** Sigmoids σ are about 10⁻⁸ and biases b are 12, so that (σ + b) − b keeps few digits of σ. */
  LOW_LOGITS_UNDER_BIASES_OF_12,
  /** A bias makes experts with low scores the best. */
  BIAS_DECIDES,
  EQUAL_EXPERTS_IN_A_GROUP,
  EQUAL_GROUPS,
  ALL_EQUAL,
  /** The group with the best expert is not the group with the best sum of two. */
  BEST_ALONE_AGAINST_BEST_TWO,
  /** The group with the best sum of all experts is not the group with the best sum of two. */
  BEST_TWO_AGAINST_MANY,
  EXPERTS_8,
  EXPERTS_9,
  EXPERTS_63,
  EXPERTS_64,
  EXPERTS_65,
  /** DeepSeek-V3's rule: 256 experts in 8 groups, of which 4 stay, and 8 experts for each token. */
  EXPERTS_256,
  ONE_OF_ALL,
  ALL_OF_THE_KEPT,
  RENORMALISED,
  NOT_RENORMALISED,
  /** Scores of about 10⁻¹³ stand beside scores of about 1. */
  WIDE_LOGITS,
  ALL_LOGITS_NEGATIVE;

  /** Whether an implementation that knows these can be given it. */
  boolean isFor(Set<Scoring> scorings, Set<GroupScore> groups) {
    return switch (this) {
      case LOW_LOGITS_UNDER_BIASES_OF_12 -> scorings.contains(Scoring.SIGMOID);
      case GROUPS, EQUAL_GROUPS -> !groups.isEmpty();
      case BEST_ALONE_AGAINST_BEST_TWO, BEST_TWO_AGAINST_MANY ->
          groups.contains(GroupScore.BEST_TWO);
      case EXPERTS_256 ->
          groups.contains(GroupScore.BEST_TWO) && scorings.contains(Scoring.SIGMOID);
      default -> true;
    };
  }

  /** Draws a case of this kind. */
  RoutingCase make(RoutingDrawing of) {
    RoutingDraft draft =
        switch (this) {
          case GROUPS -> of.draft(of.grouped(of.scoring()));
          case BIASES_BELOW_MINUS_1 ->
              of.draft(of.any()).bias(expert -> of.round(-2.5 + of.spread(1) / 2));
          case BIASES_ABOVE_12 -> of.draft(of.any()).bias(expert -> of.round(13 + of.spread(1)));
          case LOW_LOGITS_UNDER_BIASES_OF_12 -> low(of);
          case BIAS_DECIDES ->
              of.draft(of.any()).bias(expert -> expert % 2 == 0 ? of.spread(0.1) : 2);
          case EQUAL_EXPERTS_IN_A_GROUP -> equalExperts(of);
          case EQUAL_GROUPS -> equalGroups(of);
          case ALL_EQUAL -> of.draft(of.any()).logits(token -> expert -> -0.5);
          case BEST_ALONE_AGAINST_BEST_TWO -> bestTwo(of, 0.1);
          case BEST_TWO_AGAINST_MANY -> bestTwo(of, 1.9);
          case EXPERTS_8 -> experts(of, 4, 2);
          case EXPERTS_9 -> experts(of, 3, 3);
          case EXPERTS_63 -> experts(of, 7, 9);
          case EXPERTS_64 -> experts(of, 8, 8);
          case EXPERTS_65 -> experts(of, 5, 13);
          case EXPERTS_256 ->
              of.draft(
                  new RoutingRule(
                      Scoring.SIGMOID,
                      256,
                      8,
                      new ExpertGroups(8, 4, GroupScore.BEST_TWO),
                      new Weighting(true, 2.5)));
          case ONE_OF_ALL -> of.draft(of.rule(of.scoring(), 1, of.from(2, 9), 1, 1, of.scale()));
          case ALL_OF_THE_KEPT -> {
            int size = of.from(3, 4);
            int groups = of.hasGroups() ? 3 : 1;
            int kept = of.hasGroups() ? 2 : 1;
            yield of.draft(of.rule(of.scoring(), groups, size, kept, kept * size, of.scale()));
          }
          case RENORMALISED -> weighted(of, true);
          case NOT_RENORMALISED -> weighted(of, false);
          case WIDE_LOGITS -> of.draft(of.any()).logits(token -> expert -> of.spread(30));
          case ALL_LOGITS_NEGATIVE ->
              of.draft(of.any()).logits(token -> expert -> of.round(-10 + of.spread(2)));
        };
    return draft.done(Set.of(this));
  }

  private static RoutingDraft low(RoutingDrawing of) {
    RoutingRule rule =
        of.hasGroups()
            ? of.grouped(Scoring.SIGMOID)
            : of.rule(Scoring.SIGMOID, 1, of.from(6, 12), 1, of.scale());
    return of.draft(rule)
        .logits(token -> expert -> of.round(-18 + of.spread(1)))
        .bias(expert -> 12);
  }

  private static RoutingDraft equalExperts(RoutingDrawing of) {
    RoutingDraft draft = of.draft(of.any());
    return draft.logits(
        token -> {
          double[] some = of.repeated(draft.rule.experts(), 3, 2);
          return expert -> some[expert];
        });
  }

  /** All groups are one group again. */
  private static RoutingDraft equalGroups(RoutingDrawing of) {
    RoutingDraft draft = of.draft(of.grouped(of.scoring()));
    return draft.logits(
        token -> {
          double[] group = of.repeated(draft.rule.groupSize(), draft.rule.groupSize(), 3);
          return expert -> group[expert % group.length];
        });
  }

  /**
   * One group has the best expert beside poor ones, one has two good ones, all others are middling.
   *
   * @param middling the logit of the middling: two of them are less than the two good ones, and
   *     many of them are more
   */
  private static RoutingDraft bestTwo(RoutingDrawing of, double middling) {
    int groups = of.from(3, 5);
    int size = of.from(4, 6);
    Scoring scoring = of.scoring();
    RoutingRule rule =
        new RoutingRule(
            scoring,
            groups * size,
            2,
            new ExpertGroups(groups, 1, GroupScore.BEST_TWO),
            new Weighting(of.maybe(), of.scale()));
    int alone = of.from(0, groups - 1);
    int two = (alone + of.from(1, groups - 1)) % groups;
    return of.draft(rule)
        .logits(
            token ->
                expert -> {
                  int group = expert / size;
                  int member = expert % size;
                  double near = of.spread(0.05);
                  if (group == alone) {
                    return of.round(member == token % size ? 2.75 + near : -6 + near);
                  }
                  if (group == two) {
                    return of.round(member < 2 ? 2.5 + near : -6 + near);
                  }
                  return of.round(middling + near);
                });
  }

  /** Draws a rule of groups · size experts, sometimes in groups if the implementation has them. */
  private static RoutingDraft experts(RoutingDrawing of, int groups, int size) {
    return of.draft(
        of.hasGroups() && of.maybe()
            ? of.rule(of.scoring(), groups, size, of.from(1, groups - 1), of.scale())
            : of.rule(of.scoring(), 1, groups * size, 1, of.scale()));
  }

  private static RoutingDraft weighted(RoutingDrawing of, boolean renormalised) {
    RoutingRule any = of.any();
    Weighting weighting = new Weighting(renormalised, of.scale());
    return of.draft(
        new RoutingRule(any.scoring(), any.experts(), any.topK(), any.groups(), weighting));
  }
}
