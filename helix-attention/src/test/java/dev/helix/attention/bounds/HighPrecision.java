package dev.helix.attention.bounds;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/**
 * Elementary functions to about 45 digits, for judging doubles. Series and identities only, so that
 * nothing here shares an error with what it judges; checked against known constants in {@link
 * HighPrecisionTest}.
 */
final class HighPrecision {
  static final MathContext DIGITS = new MathContext(50, RoundingMode.HALF_EVEN);

  static final BigDecimal PI =
      new BigDecimal("3.14159265358979323846264338327950288419716939937510582097494459230782");
  private static final BigDecimal TWO_PI = PI.multiply(BigDecimal.valueOf(2));
  private static final BigDecimal LN_2 =
      new BigDecimal("0.69314718055994530941723212145817656807550013436025525412068000949339");
  private static final BigDecimal NEGLIGIBLE = new BigDecimal("1e-60");
  private static final int HALVINGS = 6;

  private HighPrecision() {}

  /** e^x = 2^k · (e^(r/64))^64 with x = k·ln 2 + r. */
  static BigDecimal exp(BigDecimal x) {
    int k = x.divide(LN_2, DIGITS).setScale(0, RoundingMode.HALF_EVEN).intValueExact();
    BigDecimal r =
        x.subtract(LN_2.multiply(BigDecimal.valueOf(k)))
            .divide(BigDecimal.valueOf(1L << HALVINGS), DIGITS);
    BigDecimal sum = BigDecimal.ONE;
    BigDecimal term = BigDecimal.ONE;
    for (int n = 1; term.abs().compareTo(NEGLIGIBLE) > 0; n++) {
      term = term.multiply(r).divide(BigDecimal.valueOf(n), DIGITS);
      sum = sum.add(term, DIGITS);
    }
    for (int i = 0; i < HALVINGS; i++) {
      sum = sum.multiply(sum, DIGITS);
    }
    return sum.multiply(BigDecimal.valueOf(2).pow(k, DIGITS), DIGITS);
  }

  /** By Halley's iteration on e^y = x, which triples the digits each time. */
  static BigDecimal ln(BigDecimal x) {
    BigDecimal y = new BigDecimal(Math.log(x.doubleValue()));
    for (int i = 0; i < 2; i++) {
      BigDecimal e = exp(y);
      BigDecimal step = x.subtract(e).divide(x.add(e), DIGITS);
      y = y.add(step.multiply(BigDecimal.valueOf(2)), DIGITS);
    }
    return y;
  }

  static BigDecimal cos(BigDecimal angle) {
    return alternatingSeries(BigDecimal.ONE, reduced(angle), 0);
  }

  static BigDecimal sin(BigDecimal angle) {
    BigDecimal r = reduced(angle);
    return alternatingSeries(r, r, 1);
  }

  private static BigDecimal reduced(BigDecimal angle) {
    BigDecimal turns = angle.divide(TWO_PI, DIGITS).setScale(0, RoundingMode.HALF_EVEN);
    return angle.subtract(TWO_PI.multiply(turns)).round(DIGITS);
  }

  private static BigDecimal alternatingSeries(BigDecimal first, BigDecimal r, int power) {
    BigDecimal square = r.multiply(r, DIGITS).negate();
    BigDecimal sum = first;
    BigDecimal term = first;
    for (int n = power; term.abs().compareTo(NEGLIGIBLE) > 0; n += 2) {
      term = term.multiply(square).divide(BigDecimal.valueOf((n + 1L) * (n + 2L)), DIGITS);
      sum = sum.add(term, DIGITS);
    }
    return sum;
  }

  /** |actual − exact|, rounded once. */
  static double error(double actual, BigDecimal exact) {
    return new BigDecimal(actual).subtract(exact).abs().doubleValue();
  }
}
