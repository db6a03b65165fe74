package dev.helix.laws.reference;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;

/**
 * Elementary functions to 50 digits: about a hundred times as fast as big-math's, against which
 * they are tested.
 */
public final class FiftyDigits {
  public static final MathContext DIGITS = new MathContext(50);

  public static final BigDecimal LN_2 = FixedPoint.LN_2;

  private FiftyDigits() {}

  /** e^x for |x| up to a few thousand. */
  public static BigDecimal exp(BigDecimal x) {
    return FixedPoint.exp(FixedPoint.of(x)).decimal();
  }

  /** ln x for x as a positive double can be; 50 digits behind the point. */
  public static BigDecimal log(BigDecimal x) {
    return decimal(FixedPoint.log(x));
  }

  /** A number in fixed point. */
  static BigDecimal decimal(BigInteger fixed) {
    return new BigDecimal(fixed).divide(new BigDecimal(FixedPoint.ONE), DIGITS);
  }

  /** 1 − 2/(e^2x + 1), for x ≥ 0 mirrored; small x have fewer digits, but 50 behind the point. */
  public static BigDecimal tanh(BigDecimal x) {
    BigDecimal e = exp(x.abs().multiply(BigDecimal.valueOf(2)).min(BigDecimal.valueOf(400)));
    BigDecimal t =
        BigDecimal.ONE.subtract(BigDecimal.valueOf(2).divide(e.add(BigDecimal.ONE), DIGITS));
    return x.signum() < 0 ? t.negate() : t;
  }
}
