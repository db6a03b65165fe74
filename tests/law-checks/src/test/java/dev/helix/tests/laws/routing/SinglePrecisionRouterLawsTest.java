package dev.helix.tests.laws.routing;

import dev.helix.laws.routing.Routed;
import dev.helix.laws.routing.RoutingInput;
import dev.helix.laws.routing.RoutingLaws;
import dev.helix.laws.routing.RoutingRule;
import dev.helix.laws.routing.RoutingRule.GroupScore;
import dev.helix.laws.routing.RoutingRule.Scoring;
import dev.helix.laws.routing.RoutingUnderTest;
import dev.helix.tensor.DType;
import java.util.EnumSet;
import java.util.Set;

/**
 * A router as a GPU has it, in single precision and of sigmoids alone: it marks experts by bits,
 * divides by a sum and 10⁻²⁰, and returns them by index. The bounds must not be too tight for it.
 */
class SinglePrecisionRouterLawsTest implements RoutingLaws {
  @Override
  public RoutingUnderTest router() {
    return new RoutingUnderTest() {
      @Override
      public DType format() {
        return DType.F32;
      }

      @Override
      public Set<Scoring> scorings() {
        return EnumSet.of(Scoring.SIGMOID);
      }

      @Override
      public double normaliser() {
        return 1e-20;
      }

      @Override
      public Routed route(RoutingInput input) {
        int topK = input.rule().topK();
        int[] experts = new int[input.tokens() * topK];
        double[] weights = new double[experts.length];
        for (int token = 0; token < input.tokens(); token++) {
          choose(input, token, experts, weights);
        }
        return new Routed(experts, weights);
      }
    };
  }

  private static void choose(RoutingInput input, int token, int[] experts, double[] weights) {
    RoutingRule rule = input.rule();
    float[] scores = new float[rule.experts()];
    float[] ranking = new float[rule.experts()];
    for (int e = 0; e < scores.length; e++) {
      float logit = (float) input.logits()[token * scores.length + e];
      if (Float.isNaN(logit)) {
        throw new ArithmeticException("logit of expert " + e);
      }
      scores[e] = 1 / (1 + (float) Math.exp(-logit));
      ranking[e] = scores[e] + (float) input.bias()[e];
    }
    boolean[] allowed = new boolean[scores.length];
    boolean[] groups = marked(groupScores(rule, ranking), rule.groups().kept(), null);
    for (int e = 0; e < allowed.length; e++) {
      allowed[e] = groups[e / rule.groupSize()];
    }
    boolean[] chosen = marked(ranking, rule.topK(), allowed);
    float sum = 1e-20f;
    for (int e = 0; e < chosen.length; e++) {
      sum += chosen[e] ? scores[e] : 0;
    }
    int at = token * rule.topK();
    for (int e = 0; e < chosen.length; e++) {
      if (chosen[e]) {
        float weight = rule.weighting().renormalised() ? scores[e] / sum : scores[e];
        experts[at] = e;
        weights[at++] = weight * (float) rule.weighting().scale();
      }
    }
  }

  private static float[] groupScores(RoutingRule rule, float[] ranking) {
    float[] scores = new float[rule.groups().count()];
    for (int group = 0; group < scores.length; group++) {
      float best = Float.NEGATIVE_INFINITY;
      float second = Float.NEGATIVE_INFINITY;
      for (int e = group * rule.groupSize(); e < (group + 1) * rule.groupSize(); e++) {
        second = Math.max(second, Math.min(best, ranking[e]));
        best = Math.max(best, ranking[e]);
      }
      scores[group] = rule.groups().score() == GroupScore.BEST ? best : best + second;
    }
    return scores;
  }

  private static boolean[] marked(float[] values, int count, boolean[] allowed) {
    boolean[] marked = new boolean[values.length];
    for (int k = 0; k < count; k++) {
      int best = -1;
      for (int i = 0; i < values.length; i++) {
        boolean free = !marked[i] && (allowed == null || allowed[i]);
        best = free && (best < 0 || values[i] > values[best]) ? i : best;
      }
      marked[best] = true;
    }
    return marked;
  }
}
