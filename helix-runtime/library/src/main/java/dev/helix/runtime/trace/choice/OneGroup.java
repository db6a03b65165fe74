package dev.helix.runtime.trace.choice;

import dev.helix.ffn.RouterRule;

/**
 * A group of n experts with independent u, uniform between 0 and 1, of which the least are best.
 * The group's s is its least u, or the sum of its two least.
 *
 * <p>Let A(m) be the chance that m of the u's are below t and s is below σ, and b(m) the density
 * with which the m-th least u is at t and s is below σ. If the u's that make up s are among the m,
 * then A(m) = C(n, m)·(1 − t)ⁿ⁻ᵐ·q(m) and b(m) = m·C(n, m)·(1 − t)ⁿ⁻ᵐ·q(m − 1). With x₊ for max(0,
 * x), q(j) is tʲ − (t − σ)₊ʲ if s is the least u, and tʲ − 2(t − σ/2)₊ʲ + (t − σ)₊ʲ if it is the
 * sum of the two least. If fewer u's lie below t, s depends on some above it as well.
 */
abstract class OneGroup {
  final int n;

  /** C(n, m) for each m. */
  private final double[] ways;

  private OneGroup(RouterRule rule) {
    this.n = rule.groupSize();
    this.ways = new double[rule.topK() + 1];
    for (int m = 0; m < ways.length; m++) {
      ways[m] = m > n ? 0 : GroupSplits.ratio(n, m);
    }
  }

  static OneGroup of(RouterRule rule) {
    return switch (rule.groupScore()) {
      case BEST -> new Least(rule);
      case BEST_TWO -> new TwoLeast(rule);
    };
  }

  /** The largest s. */
  abstract int largest();

  /** The density of s. */
  abstract double density(double sigma);

  /** The chance that s is above σ. */
  abstract double above(double sigma);

  /**
   * Computes the chances of a group whose s is below σ.
   *
   * @param below for each m the chance A(m) that m of the u's are below t, and s below σ
   * @param at for each m the density b(m) that the m-th least u is at t, and s below σ
   */
  final void fill(double t, double sigma, double[] below, double[] at) {
    for (int m = 1; m < below.length; m++) {
      double rest = ways[m] * power(1 - t, n - m);
      below[m] = rest * q(t, sigma, m);
      at[m] = m * rest * q(t, sigma, m - 1);
    }
    fillFew(t, sigma, below, at);
  }

  abstract double q(double t, double sigma, int j);

  /** Corrects the chances of few u's below t. */
  abstract void fillFew(double t, double sigma, double[] below, double[] at);

  /** max(0, x) to the power of j; x₊⁰ is 0 for x up to 0. */
  static double power(double x, int j) {
    if (x <= 0 || j < 0) {
      return 0;
    }
    double power = 1;
    double square = x;
    for (int left = j; left > 0; left >>= 1) {
      power = (left & 1) != 0 ? power * square : power;
      square *= square;
    }
    return power;
  }

  /** (1 − x)₊ⁿ: the chance that all u's are above x. */
  final double none(double x) {
    return power(1 - x, n);
  }

  private static final class Least extends OneGroup {
    Least(RouterRule rule) {
      super(rule);
    }

    @Override
    int largest() {
      return 1;
    }

    @Override
    double density(double sigma) {
      return n * power(1 - sigma, n - 1);
    }

    @Override
    double above(double sigma) {
      return none(sigma);
    }

    @Override
    double q(double t, double sigma, int j) {
      return power(t, j) - power(t - sigma, j);
    }

    @Override
    void fillFew(double t, double sigma, double[] below, double[] at) {
      below[0] = Math.max(0, none(t) - none(sigma));
    }
  }

  private static final class TwoLeast extends OneGroup {
    TwoLeast(RouterRule rule) {
      super(rule);
    }

    @Override
    int largest() {
      return 2;
    }

    @Override
    double density(double sigma) {
      return n * (power(1 - sigma / 2, n - 1) - power(1 - sigma, n - 1));
    }

    @Override
    double above(double sigma) {
      return 2 * none(sigma / 2) - none(sigma);
    }

    @Override
    double q(double t, double sigma, int j) {
      return power(t, j) - 2 * power(t - sigma / 2, j) + power(t - sigma, j);
    }

    /** With none below t, both least are above it; with one, the other is in (t, σ − x). */
    @Override
    void fillFew(double t, double sigma, double[] below, double[] at) {
      boolean bothFit = t < sigma / 2;
      below[0] = bothFit ? none(t) - 2 * none(sigma / 2) + none(sigma - t) : 0;
      at[1] = bothFit ? first(t) - first(sigma - t) : 0;
      double from = Math.min(1, Math.max(t, sigma - t));
      double to = Math.min(1, sigma);
      below[1] =
          t < sigma
              ? t * (first(t) - first(from))
                  + first(from) * (sigma - from)
                  - first(to) * (sigma - to)
                  - (none(from) - none(to))
              : 0;
    }

    /** n·(1 − x)₊ⁿ⁻¹: the density that the least u is at x. */
    private double first(double x) {
      return n * power(1 - x, n - 1);
    }
  }
}
