package dev.helix.laws.reference;

import ch.obermuhlner.math.big.BigDecimalMath;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Arithmetic on integers that stand for numbers with {@value #BITS} bits behind the point. That is
 * 57 digits, of which an exponential of up to a few thousand loses four.
 */
final class FixedPoint {
  static final int BITS = 192;

  /** Digits behind the point that the bits make up for. */
  static final int DIGITS = 57;

  static final BigInteger ONE = BigInteger.ONE.shiftLeft(BITS);
  static final BigDecimal LN_2 = BigDecimalMath.log(BigDecimal.valueOf(2), new MathContext(80));

  /** Powers that are kept: numbers with more digits behind the point are rare. */
  private static final BigInteger[] POWERS_OF_TEN =
      Stream.iterate(BigInteger.ONE, power -> power.multiply(BigInteger.TEN))
          .limit(400)
          .toArray(BigInteger[]::new);

  /** Bits of an argument that one table takes off it. */
  private static final int TAKEN = 7;

  private static final BigInteger FIXED_LN_2 = of(LN_2);

  /** 1/n!, the last of which is less than the last bit. */
  private static final BigInteger[] INVERSE_FACTORIALS = inverseFactorials();

  private static final BigInteger[] COARSE = exponentials(TAKEN);
  private static final BigInteger[] MIDDLE = exponentials(2 * TAKEN);
  private static final BigInteger[] FINE = exponentials(3 * TAKEN);

  /** So many doublings make a normal number of any subnormal one. */
  private static final int SUBNORMAL_BITS = 54;

  private FixedPoint() {}

  /** A number m·2^(k − {@value #BITS}), 1 ≤ m·2^−{@value #BITS} &lt; 2. */
  record Scaled(BigInteger m, int k) {
    /** The number in fixed point; 0 if it is less than the last bit. */
    BigInteger fixed() {
      return m.shiftLeft(k);
    }

    double doubleValue() {
      return Math.scalb(FixedPoint.doubleValue(m), k);
    }

    /** The number in decimal, to 50 digits. */
    BigDecimal decimal() {
      int exponent = k - BITS;
      return exponent >= 0
          ? new BigDecimal(m.shiftLeft(exponent)).round(FiftyDigits.DIGITS)
          : new BigDecimal(m)
              .divide(new BigDecimal(BigInteger.ONE.shiftLeft(-exponent)), FiftyDigits.DIGITS);
    }
  }

  /** Ten to the power of n. */
  static BigInteger powerOfTen(int n) {
    return n < POWERS_OF_TEN.length ? POWERS_OF_TEN[n] : BigInteger.TEN.pow(n);
  }

  /** The number in fixed point, rounded towards zero. */
  static BigInteger of(BigDecimal x) {
    return of(x, 0);
  }

  /** x·2^−j, rounded towards zero. */
  private static BigInteger of(BigDecimal x, int j) {
    BigInteger shifted = x.unscaledValue().shiftLeft(BITS - j);
    return x.scale() >= 0
        ? shifted.divide(powerOfTen(x.scale()))
        : shifted.multiply(powerOfTen(-x.scale()));
  }

  static double doubleValue(BigInteger fixed) {
    return Math.scalb(fixed.doubleValue(), -BITS);
  }

  /** e^(i·2^−bits) for i of {@link #TAKEN} bits. */
  private static BigInteger[] exponentials(int bits) {
    BigInteger[] table = new BigInteger[1 << TAKEN];
    for (int i = 0; i < table.length; i++) {
      table[i] = series(BigInteger.valueOf(i).shiftLeft(BITS - bits));
    }
    return table;
  }

  private static BigInteger[] inverseFactorials() {
    List<BigInteger> all = new ArrayList<>(List.of(ONE));
    BigInteger factorial = BigInteger.ONE;
    while (all.get(all.size() - 1).signum() > 0) {
      factorial = factorial.multiply(BigInteger.valueOf(all.size()));
      all.add(ONE.divide(factorial));
    }
    return all.toArray(BigInteger[]::new);
  }

  /** e^r = 1 + r·(1/1! + r·(1/2! + r·(1/3! + …))) for 0 ≤ r &lt; 1. */
  private static BigInteger series(BigInteger r) {
    if (r.signum() == 0) {
      return ONE;
    }
    int terms = 1;
    // r^n/n! is less than the last bit where n·(bits that r is below 1) + log₂ n! exceeds them all.
    double bits = 0;
    while (bits <= BITS) {
      bits += BITS - r.bitLength() + Math.log(terms++) / Math.log(2);
    }
    int last = Math.min(terms, INVERSE_FACTORIALS.length - 1);
    BigInteger sum = INVERSE_FACTORIALS[last];
    for (int n = last - 1; n >= 0; n--) {
      sum = INVERSE_FACTORIALS[n].add(times(r, sum));
    }
    return sum;
  }

  private static BigInteger times(BigInteger x, BigInteger y) {
    return x.multiply(y).shiftRight(BITS);
  }

  /** e^x = 2^k·e^r with x = k·ln 2 + r, where tables know the factors of the first bits of r. */
  static Scaled exp(BigInteger x) {
    int k = (int) Math.floor(doubleValue(x) / Math.log(2));
    BigInteger r = x.subtract(FIXED_LN_2.multiply(BigInteger.valueOf(k)));
    if (r.signum() < 0) {
      // The quotient was rounded up to a whole number.
      k--;
      r = r.add(FIXED_LN_2);
    }
    long first = r.shiftRight(BITS - 3 * TAKEN).longValueExact();
    int mask = (1 << TAKEN) - 1;
    BigInteger rest = r.subtract(BigInteger.valueOf(first).shiftLeft(BITS - 3 * TAKEN));
    BigInteger m =
        times(
            times(COARSE[(int) (first >> (2 * TAKEN))], MIDDLE[(int) (first >> TAKEN) & mask]),
            times(FINE[(int) first & mask], series(rest)));
    return m.compareTo(ONE.shiftLeft(1)) < 0
        ? new Scaled(m, k)
        : new Scaled(m.shiftRight(1), k + 1);
  }

  /**
   * The natural logarithm of x·2^j. It starts from the logarithm y of a double, and corrects it by
   * d = x·e^−y − 1.
   */
  static BigInteger log(BigInteger x, int j) {
    BigInteger y = of(new BigDecimal(Math.log(doubleValue(x))));
    Scaled inverse = exp(y.negate());
    BigInteger d = times(x, inverse.m()).shiftLeft(inverse.k()).subtract(ONE);
    // d is about 2^−52: its fifth power is behind the last bit.
    BigInteger d2 = times(d, d);
    BigInteger d3 = times(d2, d);
    BigInteger d4 = times(d2, d2);
    return y.add(d)
        .subtract(d2.shiftRight(1))
        .add(d3.divide(BigInteger.valueOf(3)))
        .subtract(d4.shiftRight(2))
        .add(FIXED_LN_2.multiply(BigInteger.valueOf(j)));
  }

  /** The natural logarithm of x, where x is in the range of positive doubles. */
  static BigInteger log(BigDecimal x) {
    double nearest = x.doubleValue();
    // The exponent of a subnormal number is that of its first digit, and not that of its format.
    int j =
        nearest < Double.MIN_NORMAL
            ? Math.getExponent(Math.scalb(nearest, SUBNORMAL_BITS)) - SUBNORMAL_BITS
            : Math.getExponent(nearest);
    return log(of(x, j), j);
  }
}
