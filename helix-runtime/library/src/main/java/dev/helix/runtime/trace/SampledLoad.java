package dev.helix.runtime.trace;

import dev.helix.ffn.Dispatch;
import dev.helix.ffn.ExpertRange;
import dev.helix.ffn.ExpertRouter;
import dev.helix.ffn.RouterRule;
import dev.helix.ffn.Routing;
import java.util.SplittableRandom;

/**
 * The load of experts in a step whose routing is drawn at random, as the model's router would
 * choose from random logits.
 */
final class SampledLoad {
  /** An odd stride, so that the layers of one seed begin apart. */
  private static final long LAYER_STRIDE = 0x9E3779B97F4A7C15L;

  private SampledLoad() {}

  /**
   * The routing of a step. The best of logits ln(popularity) + Gumbel noise are a draw without
   * replacement in proportion to popularity (Plackett–Luce). The model's groups of experts limit
   * the draw as they limit the model.
   */
  static Routing draw(RouterRule rule, int tokens, double exponent, long seed, int layer) {
    SplittableRandom random = new SplittableRandom(seed + LAYER_STRIDE * (layer + 1));
    int experts = rule.experts();
    double[] popularity = popularity(experts, exponent, random);
    double[] logits = new double[Math.multiplyExact(tokens, experts)];
    for (int i = 0; i < logits.length; i++) {
      double uniform = 1 - random.nextDouble();
      logits[i] =
          popularity[i % experts] - StrictMath.log(-StrictMath.log(uniform * (1 - 0x1p-53)));
    }
    return new ExpertRouter(rule, new double[experts]).route(logits, tokens);
  }

  /**
   * The load of the busiest group of a draw.
   *
   * @param local number of experts of a group
   */
  static Dispatch busiest(RouterRule rule, int local, Routing routing) {
    int experts = rule.experts();
    Dispatch busiest = Dispatch.of(routing, new ExpertRange(0, local));
    for (int first = local; first < experts; first += local) {
      Dispatch other = Dispatch.of(routing, new ExpertRange(first, local));
      if (other.activeExperts() > busiest.activeExperts()
          || (other.activeExperts() == busiest.activeExperts() && other.size() > busiest.size())) {
        busiest = other;
      }
    }
    return busiest;
  }

  /** The logarithms of popularities i^−exponent, i = 1, 2, .., dealt to the experts at random. */
  private static double[] popularity(int experts, double exponent, SplittableRandom random) {
    double[] popularity = new double[experts];
    for (int i = 0; i < experts; i++) {
      int place = random.nextInt(i + 1);
      popularity[i] = popularity[place];
      popularity[place] = -exponent * StrictMath.log(i + 1.0);
    }
    return popularity;
  }
}
