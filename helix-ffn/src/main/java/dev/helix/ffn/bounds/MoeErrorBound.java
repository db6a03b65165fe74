package dev.helix.ffn.bounds;

import static dev.helix.tensor.compare.Rounding.SLACK;
import static dev.helix.tensor.compare.Rounding.UNDERFLOW;
import static dev.helix.tensor.compare.Rounding.UNIT;
import static dev.helix.tensor.compare.Rounding.gamma;

import dev.helix.ffn.RouterRule;
import dev.helix.ffn.RouterRule.Scoring;
import dev.helix.ffn.baseline.UnshardedMoe;
import dev.helix.ffn.baseline.UnshardedSwiGlu;
import dev.helix.tensor.compare.LinearErrorBound;
import java.util.ArrayList;
import java.util.List;

/**
 * Bounds how far rounding alone can put the sharded FP64 program's mixture of experts from {@link
 * UnshardedMoe} if both have chosen the same experts. If they have not, it says whether rounding
 * can explain that.
 *
 * <p>{@link dev.helix.tensor.compare.Rounding} explains the form of such bounds. With e the bound
 * of the two programs' difference, u = 2<sup>−53</sup>, E experts, K of them chosen:
 *
 * <ol>
 *   <li>Logits: e_z is that of {@link LinearErrorBound}, as each logit is one dot product on one
 *       rank.
 *   <li>Sigmoid s: |Δs| ≤ min(s(1 − s)(exp(e_z) − 1), e_z/4), as |(ln s′(z))′| ≤ 1 and s′ ≤ 1/4;
 *       rounding 6u·s in each program: 2u for the exponential, the sum, the quotient, 2u to spare.
 *   <li>Softmax p: |Δp| ≤ p(exp(2·max e_z) − 1); rounding, in each program, p times u(g + Σp·g) for
 *       the exponents, g = max z − z, and γ_E + 8u for exponentials, their sum and the quotient.
 *   <li>Weights w = s/(T + 10⁻²⁰)·scale with T = Σs over the chosen, e_T = Σe_s: |Δ(s/T)| ≤ (e_s·T
 *       + s·e_T)/(T(T − e_T)), rounding 2γ_{K+4}.
 *   <li>Output Σ wₖfₖ + shared: e = Σ( |w|e_f + e_w(|f| + e_f) + 2γ_{2K+6+P}(|w| + e_w)·|Wdown|â )
 *       + e_shared + 2u|Wshared|â + 2u for the last sum. e_f is {@link SwiGluErrorBound}. The
 *       program multiplies wₖ into the activation and adds products over columns, experts, ranks
 *       and groups in an order of its own. Each product passes at most 2K + 6 roundings more than
 *       in fₖ alone, and P more where one all-reduce over all ranks takes the place of sums by
 *       group. There only ranks with a term that is not zero cost a rounding. A shared expert lies
 *       on all ranks, which are no more than its Fs columns: then P = Fs, and a product of the
 *       shared expert passes one more. Without it these are the TPF ranks of each of K experts.
 *       F/TPF sums over a rank's columns and K·TPF over ranks are, for 1 ≤ TPF ≤ F, at most (K −
 *       1)F + K + 1 more than the F of fₖ alone: then P = (K − 1)F.
 * </ol>
 */
public final class MoeErrorBound {
  private static final int SIGMOID_ROUNDINGS = 6;
  private static final int SOFTMAX_ROUNDINGS = 8;

  private final UnshardedMoe baseline;
  private final RouterRule rule;

  public MoeErrorBound(UnshardedMoe baseline) {
    this.baseline = baseline;
    this.rule = baseline.rule();
  }

  /**
   * The bound of the output.
   *
   * @param x {@code [hidden]}, as given to the baseline
   * @param xError {@code [hidden]}: bound of the difference of the inputs
   * @param chosen the experts that both programs use
   * @return {@code [hidden]}
   */
  public double[] of(double[] x, double[] xError, List<Integer> chosen) {
    double[] weights = baseline.weights(x, chosen);
    double[] weightErrors = weights(x, xError, chosen);
    double[] bound = baseline.shared().map(e -> shared(e, x, xError)).orElse(new double[x.length]);
    double sums = 2 * gamma(2 * chosen.size() + 6 + sumsOverRanks(chosen));
    for (int k = 0; k < chosen.size(); k++) {
      UnshardedSwiGlu expert = baseline.expert(chosen.get(k));
      double[] y = expert.apply(x);
      SwiGluErrorBound expertBound = new SwiGluErrorBound(expert);
      double[] yError = expertBound.of(x, xError);
      double[] magnitude = expertBound.magnitude(x, xError);
      double largestWeight = Math.abs(weights[k]) + weightErrors[k];
      for (int i = 0; i < bound.length; i++) {
        bound[i] +=
            Math.abs(weights[k]) * yError[i]
                + weightErrors[k] * (Math.abs(y[i]) + yError[i])
                + sums * largestWeight * magnitude[i]
                + 4 * UNDERFLOW * (1 + largestWeight);
      }
    }
    double[] out = baseline.apply(x, chosen);
    for (int i = 0; i < bound.length; i++) {
      bound[i] = SLACK * (bound[i] + 2 * UNIT * (Math.abs(out[i]) + bound[i]));
    }
    return bound;
  }

  /** P: how many sums one all-reduce over all ranks may cost a product of a routed expert. */
  private int sumsOverRanks(List<Integer> chosen) {
    return baseline
        .shared()
        .map(MoeErrorBound::columns)
        .orElseGet(() -> (chosen.size() - 1) * columns(baseline.expert(chosen.get(0))));
  }

  private static int columns(UnshardedSwiGlu expert) {
    return expert.downWeight().length / expert.hidden();
  }

  /** The shared expert's bound, with one more sum. */
  private static double[] shared(UnshardedSwiGlu expert, double[] x, double[] xError) {
    SwiGluErrorBound alone = new SwiGluErrorBound(expert);
    double[] bound = alone.of(x, xError);
    double[] magnitude = alone.magnitude(x, xError);
    for (int i = 0; i < bound.length; i++) {
      bound[i] += 2 * UNIT * magnitude[i];
    }
    return bound;
  }

  /** The bound of the chosen experts' weights, in their order. */
  public double[] weights(double[] x, double[] xError, List<Integer> chosen) {
    double[] scores = baseline.scores(x);
    double[] scoreErrors = scores(x, xError);
    double sum = 0;
    double sumError = 0;
    for (int expert : chosen) {
      sum += scores[expert];
      sumError += scoreErrors[expert];
    }
    double rounding = 2 * gamma(chosen.size() + 4);
    double[] bound = new double[chosen.size()];
    for (int k = 0; k < bound.length; k++) {
      double score = scores[chosen.get(k)];
      double error = scoreErrors[chosen.get(k)];
      double weight = score;
      if (rule.normalised()) {
        weight = score / sum;
        error =
            sumError < sum
                ? (error * sum + score * sumError) / (sum * (sum - sumError))
                : Double.POSITIVE_INFINITY;
      }
      bound[k] = SLACK * rule.scale() * (error + rounding * (weight + error) + 4 * UNDERFLOW);
    }
    return bound;
  }

  /**
   * The reasons why rounding cannot have made the program choose these experts; empty if it can, or
   * if they are the baseline's own.
   *
   * <p>There are two such reasons. An expert was left out although its group was certainly kept and
   * its score was certainly better than that of a chosen expert. Or a chosen expert's group was
   * certainly not kept. Certainly means by more than both bounds.
   */
  public List<String> contradictions(double[] x, double[] xError, List<Integer> chosen) {
    double[] ranking = baseline.ranking(x);
    double[] errors = scores(x, xError);
    for (int e = 0; e < errors.length; e++) {
      errors[e] += 2 * UNIT * (Math.abs(ranking[e]) + errors[e]);
    }
    double[] groups = baseline.groupScores(ranking);
    double[] groupErrors = groupErrors(groups, errors);
    List<String> contradictions = new ArrayList<>();
    for (int expert : chosen) {
      int group = expert / rule.groupSize();
      if (better(groups, groupErrors, group, -1) >= rule.keptGroups()) {
        contradictions.add("expert %d was chosen from a group not kept".formatted(expert));
      }
    }
    for (int other = 0; other < rule.experts(); other++) {
      int group = other / rule.groupSize();
      boolean certainlyKept = better(groups, groupErrors, group, 1) < rule.keptGroups();
      for (int expert : chosen) {
        boolean certainlyBetter = ranking[other] - errors[other] > ranking[expert] + errors[expert];
        if (!chosen.contains(other) && certainlyKept && certainlyBetter) {
          contradictions.add(
              "expert %d was chosen with %s, but %d has %s"
                  .formatted(expert, ranking[expert], other, ranking[other]));
        }
      }
    }
    return contradictions;
  }

  /** How many other groups are certainly (sign −1) or possibly (sign +1) better. */
  private static int better(double[] groups, double[] errors, int group, int sign) {
    int better = 0;
    for (int other = 0; other < groups.length; other++) {
      if (other != group
          && groups[other] + sign * errors[other] > groups[group] - sign * errors[group]) {
        better++;
      }
    }
    return better;
  }

  private double[] groupErrors(double[] groups, double[] errors) {
    double[] groupErrors = new double[groups.length];
    for (int group = 0; group < groups.length; group++) {
      double largest = 0;
      for (int e = group * rule.groupSize(); e < (group + 1) * rule.groupSize(); e++) {
        largest = Math.max(largest, errors[e]);
      }
      groupErrors[group] =
          SLACK * (2 * largest + 2 * UNIT * (Math.abs(groups[group]) + 2 * largest));
    }
    return groupErrors;
  }

  private double[] scores(double[] x, double[] xError) {
    double[] z = UnshardedSwiGlu.product(baseline.router(), x);
    double[] zError = LinearErrorBound.of(baseline.router(), x, xError);
    double[] scores = baseline.scores(x);
    double[] bound = new double[z.length];
    if (rule.scoring() == Scoring.SIGMOID) {
      for (int e = 0; e < z.length; e++) {
        double slope = scores[e] * (1 - scores[e]) + UNIT;
        double input = Math.min(slope * StrictMath.expm1(zError[e]), zError[e] / 4);
        bound[e] =
            SLACK * (input + 2 * SIGMOID_ROUNDINGS * UNIT * (scores[e] + input) + 4 * UNDERFLOW);
      }
      return bound;
    }
    double max = Double.NEGATIVE_INFINITY;
    double largestError = 0;
    for (int e = 0; e < z.length; e++) {
      max = Math.max(max, z[e]);
      largestError = Math.max(largestError, zError[e]);
    }
    double meanGap = 0;
    for (int e = 0; e < z.length; e++) {
      meanGap += scores[e] * (max - z[e] + 2 * largestError);
    }
    double input = StrictMath.expm1(2 * largestError);
    for (int e = 0; e < z.length; e++) {
      double gap = max - z[e] + 2 * largestError;
      double rounding = UNIT * (gap + (1 + input) * meanGap + SOFTMAX_ROUNDINGS) + gamma(z.length);
      bound[e] = SLACK * (scores[e] * (input + 2 * rounding * (1 + input)) + 4 * UNDERFLOW);
    }
    return bound;
  }
}
