package dev.helix.attention.fp64;

import dev.helix.attention.ScoreRule;

/** The scores of one row's query heads, made from products of query and key. */
final class Scores {
  private final ScoreRule rule;
  private final DistanceTo distanceTo;
  private final boolean onlyScales;

  /** Says how many positions before the query the token in a slot of the shard is. */
  interface DistanceTo {
    int slot(int localSlot);
  }

  /** Scores under a rule; positions count only if the rule has slopes. */
  Scores(ScoreRule rule, DistanceTo distanceTo) {
    this.rule = rule;
    this.distanceTo = distanceTo;
    this.onlyScales = rule.softCap().isEmpty() && rule.alibiSlopes().isEmpty();
  }

  /** The score with which a head begins: that of its sink, or −∞. */
  double sink(int head) {
    return rule.sink(head);
  }

  /** The score of one token. */
  double of(int head, double product, int localSlot) {
    double score = rule.scale() * product;
    if (rule.softCap().isPresent()) {
      double cap = rule.softCap().getAsDouble();
      score = cap * Math.tanh(score / cap);
    }
    if (!rule.alibiSlopes().isEmpty()) {
      double slope = rule.alibiSlopes().get(head);
      score -= slope * distanceTo.slot(localSlot);
    }
    return score;
  }

  /**
   * Turns the products of tokens in a row into scores.
   *
   * @return the largest, or NaN if one is NaN
   */
  double inPlace(int head, double[] products, int count, int localSlot) {
    if (onlyScales) {
      double scale = rule.scale();
      for (int i = 0; i < count; i++) {
        products[i] *= scale;
      }
    } else {
      for (int i = 0; i < count; i++) {
        products[i] = of(head, products[i], localSlot + i);
      }
    }
    return largest(products, count);
  }

  /** Four maxima side by side, as each waits for the one before it. */
  private static double largest(double[] numbers, int count) {
    double m0 = Double.NEGATIVE_INFINITY;
    double m1 = m0;
    double m2 = m0;
    double m3 = m0;
    int i = 0;
    for (; i + 4 <= count; i += 4) {
      m0 = Math.max(m0, numbers[i]);
      m1 = Math.max(m1, numbers[i + 1]);
      m2 = Math.max(m2, numbers[i + 2]);
      m3 = Math.max(m3, numbers[i + 3]);
    }
    for (; i < count; i++) {
      m0 = Math.max(m0, numbers[i]);
    }
    return Math.max(Math.max(m0, m1), Math.max(m2, m3));
  }
}
