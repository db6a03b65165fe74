package dev.helix.laws.reference;

import dev.helix.attention.bounds.MergeBound;
import dev.helix.attention.bounds.MergedPart;
import dev.helix.attention.convention.Convention;
import dev.helix.attention.convention.LogBase;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The merge of one row in 50 digits; how far an implementation may be off is {@link MergeBound}.
 */
public final class MergeReference {
  private static final MathContext DIGITS = FiftyDigits.DIGITS;

  /** e^−3000 of a double is beyond every double's last digit. */
  private static final BigInteger NEGLIGIBLE = BigInteger.valueOf(3000).shiftLeft(FixedPoint.BITS);

  private final Convention convention;
  private final BigDecimal lse;
  private final List<FixedPoint.Scaled> exps = new ArrayList<>();
  private final BigInteger sum;
  private final List<MergedPart> parts = new ArrayList<>();
  private final MergeBound bound;

  /**
   * The merge of partial results, which an implementation may fold one after the other.
   *
   * @param nats log-sum-exps of the parts that have tokens
   * @param values their outputs, {@code [parts][dim]}, finite
   * @param largestSum of the (max, sum) pairs that the implementation is given; of no matter where
   *     it is given log-sum-exps
   */
  public static MergeReference ofParts(
      Convention convention, List<BigDecimal> nats, List<double[]> values, double largestSum) {
    List<Double> noErrors = Collections.nCopies(nats.size(), 0.0);
    return new MergeReference(convention, true, nats, values, noErrors, largestSum);
  }

  /**
   * Softmax over tokens in one pass, whose scores an implementation computes itself: it rescales to
   * the greatest score, and has no finished pair before the last token.
   *
   * @param errors how far it may be off in each score
   */
  public MergeReference(
      Convention convention, List<BigDecimal> nats, List<double[]> values, List<Double> errors) {
    this(convention, false, nats, values, errors, 1);
  }

  private MergeReference(
      Convention convention,
      boolean folded,
      List<BigDecimal> nats,
      List<double[]> values,
      List<Double> errors,
      double largestSum) {
    this.convention = convention;
    BigDecimal greatest = nats.stream().reduce(BigDecimal::max).orElse(BigDecimal.ZERO);
    List<BigInteger> below = new ArrayList<>();
    BigInteger total = BigInteger.ZERO;
    // Long inputs are of few different scores, and an exponential is most of the time they take.
    Map<BigInteger, FixedPoint.Scaled> known = new HashMap<>();
    for (BigDecimal part : nats) {
      BigInteger gap = FixedPoint.of(greatest.subtract(part));
      below.add(gap);
      FixedPoint.Scaled exp = known.computeIfAbsent(gap, MergeReference::exp);
      exps.add(exp);
      total = total.add(exp.fixed());
    }
    this.sum = total;
    BigInteger log = nats.isEmpty() ? BigInteger.ZERO : FixedPoint.log(total, 0);
    this.lse = greatest.add(FiftyDigits.decimal(log));
    for (int part = 0; part < exps.size(); part++) {
      double weight = exps.get(part).doubleValue() / FixedPoint.doubleValue(sum);
      double gap = FixedPoint.doubleValue(below.get(part).add(log));
      parts.add(new MergedPart(weight, gap, errors.get(part), values.get(part)));
    }
    this.bound = new MergeBound(convention, lse.doubleValue(), parts, folded, largestSum);
  }

  /** e^−gap. */
  private static FixedPoint.Scaled exp(BigInteger gap) {
    return gap.compareTo(NEGLIGIBLE) > 0
        ? new FixedPoint.Scaled(BigInteger.ZERO, 0)
        : FixedPoint.exp(gap.negate());
  }

  public boolean isEmpty() {
    return parts.isEmpty();
  }

  public int living() {
    return parts.size();
  }

  /** Σ exp(LSEᵢ)·Oᵢ / Σ exp(LSEᵢ), the sums of which are exact but for the exponentials. */
  public BigDecimal output(int i) {
    int least = Integer.MAX_VALUE;
    for (int part = 0; part < exps.size(); part++) {
      least = Math.min(least, exps.get(part).k() + lastBit(parts.get(part).value()[i]));
    }
    BigInteger weighted = BigInteger.ZERO;
    for (int part = 0; part < exps.size(); part++) {
      double value = parts.get(part).value()[i];
      int last = lastBit(value);
      BigInteger digits = BigInteger.valueOf((long) Math.scalb(value, -last));
      int shift = exps.get(part).k() + last - least;
      weighted = weighted.add(exps.get(part).m().multiply(digits).shiftLeft(shift));
    }
    return least >= 0
        ? quotient(weighted.shiftLeft(least), sum)
        : quotient(weighted, sum.shiftLeft(-least));
  }

  /** The exponent of a double's last bit. */
  private static int lastBit(double x) {
    return Math.max(Math.getExponent(x), Double.MIN_EXPONENT) - 52;
  }

  private static BigDecimal quotient(BigInteger dividend, BigInteger divisor) {
    return new BigDecimal(dividend).divide(new BigDecimal(divisor), DIGITS);
  }

  /** In nats; of no use if empty. */
  public BigDecimal lse() {
    return lse;
  }

  /** The nearest double in the implementation's base; −∞ if empty. */
  public double lseInBase() {
    if (isEmpty()) {
      return Double.NEGATIVE_INFINITY;
    }
    return inBase(lse).doubleValue();
  }

  public BigDecimal inBase(BigDecimal nats) {
    return convention.base() == LogBase.E ? nats : nats.divide(FiftyDigits.LN_2, DIGITS);
  }

  /** Bound of component i after {@code depth} calls. */
  public double outputBound(int i, int depth) {
    return bound.output(i, depth);
  }

  /** Bound of the log-sum-exp after {@code depth} calls, in the implementation's base. */
  public double lseBound(int depth) {
    return bound.lse(depth);
  }

  /** The largest magnitude of a part's log-sum-exp, in nats. */
  public double largestLse() {
    return Math.abs(lse.doubleValue())
        + parts.stream().mapToDouble(MergedPart::gap).reduce(0.0, Math::max);
  }

  /** Σ pᵢ·|Oᵢ| of component i. */
  public double weightedMagnitude(int i) {
    double sum = 0;
    for (MergedPart part : parts) {
      sum += part.weight() * Math.abs(part.value()[i]);
    }
    return sum;
  }
}
