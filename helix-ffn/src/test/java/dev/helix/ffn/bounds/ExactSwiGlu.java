package dev.helix.ffn.bounds;

import dev.helix.ffn.baseline.UnshardedSwiGlu;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/** The FFN of {@link UnshardedSwiGlu} to about 45 digits. */
final class ExactSwiGlu {
  private static final MathContext DIGITS = new MathContext(50, RoundingMode.HALF_EVEN);
  private static final BigDecimal NEGLIGIBLE = new BigDecimal("1e-60");
  private static final int HALVINGS = 16;

  private ExactSwiGlu() {}

  static BigDecimal[] apply(SwiGluProblem problem, double[] x) {
    BigDecimal[] exact = new BigDecimal[x.length];
    for (int i = 0; i < x.length; i++) {
      exact[i] = new BigDecimal(x[i]);
    }
    BigDecimal[] g = product(problem.gate, exact);
    BigDecimal[] u = product(problem.up, exact);
    BigDecimal[] activated = new BigDecimal[g.length];
    for (int i = 0; i < g.length; i++) {
      activated[i] = silu(g[i]).multiply(u[i], DIGITS);
    }
    return product(problem.down, activated);
  }

  static BigDecimal silu(BigDecimal g) {
    return g.divide(BigDecimal.ONE.add(exp(g.negate())), DIGITS);
  }

  /** (e^(x/2^16))^(2^16) by its series: loses 5 of 50 digits, for |x| up to some thousands. */
  static BigDecimal exp(BigDecimal x) {
    BigDecimal r = x.divide(BigDecimal.valueOf(1L << HALVINGS), DIGITS);
    BigDecimal sum = BigDecimal.ONE;
    BigDecimal term = BigDecimal.ONE;
    for (int n = 1; term.abs().compareTo(NEGLIGIBLE) > 0; n++) {
      term = term.multiply(r).divide(BigDecimal.valueOf(n), DIGITS);
      sum = sum.add(term, DIGITS);
    }
    for (int i = 0; i < HALVINGS; i++) {
      sum = sum.multiply(sum, DIGITS);
    }
    return sum;
  }

  /** |actual − exact|, rounded once. */
  static double error(double actual, BigDecimal exact) {
    return new BigDecimal(actual).subtract(exact).abs().doubleValue();
  }

  private static BigDecimal[] product(double[] weight, BigDecimal[] x) {
    BigDecimal[] y = new BigDecimal[weight.length / x.length];
    for (int row = 0; row < y.length; row++) {
      y[row] = BigDecimal.ZERO;
      for (int column = 0; column < x.length; column++) {
        BigDecimal term = new BigDecimal(weight[row * x.length + column]).multiply(x[column]);
        y[row] = y[row].add(term, DIGITS);
      }
    }
    return y;
  }
}
