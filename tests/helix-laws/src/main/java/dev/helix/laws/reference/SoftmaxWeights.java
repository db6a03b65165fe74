package dev.helix.laws.reference;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The softmax weights that some log-sum-exps give, in 50 digits. They can be applied to any values.
 */
public final class SoftmaxWeights {
  /** e^−3000 of a double is beyond every double's last digit. */
  private static final BigInteger NEGLIGIBLE = BigInteger.valueOf(3000).shiftLeft(FixedPoint.BITS);

  private final List<FixedPoint.Scaled> exps = new ArrayList<>();
  private final BigInteger sum;
  private final BigDecimal lse;
  private final double[] weights;
  private final double[] gaps;

  private SoftmaxWeights(List<BigDecimal> nats) {
    BigDecimal greatest = nats.stream().reduce(BigDecimal::max).orElse(BigDecimal.ZERO);
    List<BigInteger> below = new ArrayList<>();
    BigInteger total = BigInteger.ZERO;
    // Long inputs are of few different scores, and an exponential is most of the time they take.
    Map<BigInteger, FixedPoint.Scaled> known = new HashMap<>();
    for (BigDecimal part : nats) {
      BigInteger gap = FixedPoint.of(greatest.subtract(part));
      below.add(gap);
      FixedPoint.Scaled exp = known.computeIfAbsent(gap, SoftmaxWeights::exp);
      exps.add(exp);
      total = total.add(exp.fixed());
    }
    this.sum = total;
    BigInteger log = nats.isEmpty() ? BigInteger.ZERO : FixedPoint.log(total, 0);
    this.lse = greatest.add(FiftyDigits.decimal(log));
    this.weights = new double[exps.size()];
    this.gaps = new double[exps.size()];
    double nearest = FixedPoint.doubleValue(sum);
    for (int part = 0; part < gaps.length; part++) {
      weights[part] = exps.get(part).doubleValue() / nearest;
      gaps[part] = FixedPoint.doubleValue(below.get(part).add(log));
    }
  }

  /** The weights of parts that have tokens, from their log-sum-exps in nats. */
  public static SoftmaxWeights of(List<BigDecimal> nats) {
    return new SoftmaxWeights(nats);
  }

  /** e^−gap. */
  private static FixedPoint.Scaled exp(BigInteger gap) {
    return gap.compareTo(NEGLIGIBLE) > 0
        ? new FixedPoint.Scaled(BigInteger.ZERO, 0)
        : FixedPoint.exp(gap.negate());
  }

  int parts() {
    return exps.size();
  }

  /** The log-sum-exp of all parts, in nats; without meaning if there are none. */
  public BigDecimal lse() {
    return lse;
  }

  /** The weight exp(LSEᵢ − LSE) of a part. */
  double weight(int part) {
    return weights[part];
  }

  /** The difference LSE − LSEᵢ ≥ 0 of a part, in nats. */
  double gap(int part) {
    return gaps[part];
  }

  /**
   * The weighted mean Σ exp(LSEᵢ)·Oᵢ / Σ exp(LSEᵢ), whose sums are exact up to the errors of the
   * exponentials.
   */
  BigDecimal mean(double[] values) {
    Weighted all = weighted(values);
    return quotient(all.dividend, all.divisor);
  }

  /** The double nearest to that mean. It takes a third of the time, as no decimal is made. */
  double nearestMean(double[] values) {
    Weighted all = weighted(values);
    double nearest = FiftyDigits.nearest(all.dividend, all.divisor);
    return Double.isNaN(nearest) ? quotient(all.dividend, all.divisor).doubleValue() : nearest;
  }

  /** A mean as a quotient of integers. */
  private record Weighted(BigInteger dividend, BigInteger divisor) {}

  private Weighted weighted(double[] values) {
    int least = Integer.MAX_VALUE;
    for (int part = 0; part < values.length; part++) {
      least = Math.min(least, exps.get(part).k() + lastBit(values[part]));
    }
    BigInteger weighted = BigInteger.ZERO;
    for (int part = 0; part < values.length; part++) {
      int last = lastBit(values[part]);
      BigInteger digits = BigInteger.valueOf((long) Math.scalb(values[part], -last));
      int shift = exps.get(part).k() + last - least;
      weighted = weighted.add(exps.get(part).m().multiply(digits).shiftLeft(shift));
    }
    return least >= 0
        ? new Weighted(weighted.shiftLeft(least), sum)
        : new Weighted(weighted, sum.shiftLeft(-least));
  }

  /** The exponent of a double's last bit. */
  private static int lastBit(double x) {
    return Math.max(Math.getExponent(x), Double.MIN_EXPONENT) - 52;
  }

  private static BigDecimal quotient(BigInteger dividend, BigInteger divisor) {
    return new BigDecimal(dividend).divide(new BigDecimal(divisor), FiftyDigits.DIGITS);
  }
}
