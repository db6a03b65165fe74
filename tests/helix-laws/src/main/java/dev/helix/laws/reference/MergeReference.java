package dev.helix.laws.reference;

import dev.helix.attention.bounds.MergeBound;
import dev.helix.attention.bounds.MergedPart;
import dev.helix.attention.convention.Convention;
import dev.helix.attention.convention.LogBase;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.Arrays;
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
  private static final BigDecimal NEGLIGIBLE = BigDecimal.valueOf(3000);

  private final Convention convention;
  private final BigDecimal lse;
  private final BigDecimal[] outputs;
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
      Convention convention,
      List<BigDecimal> nats,
      List<double[]> values,
      int dim,
      double largestSum) {
    List<Double> noErrors = Collections.nCopies(nats.size(), 0.0);
    return new MergeReference(convention, true, nats, values, noErrors, dim, largestSum);
  }

  /**
   * Softmax over tokens in one pass, whose scores an implementation computes itself: it rescales to
   * the greatest score, and has no finished pair before the last token.
   *
   * @param errors how far it may be off in each score
   */
  public MergeReference(
      Convention convention,
      List<BigDecimal> nats,
      List<double[]> values,
      List<Double> errors,
      int dim) {
    this(convention, false, nats, values, errors, dim, 1);
  }

  private MergeReference(
      Convention convention,
      boolean folded,
      List<BigDecimal> nats,
      List<double[]> values,
      List<Double> errors,
      int dim,
      double largestSum) {
    this.convention = convention;
    this.outputs = new BigDecimal[dim];
    Arrays.fill(outputs, BigDecimal.ZERO);
    List<BigDecimal> exps = new ArrayList<>();
    BigDecimal sum = BigDecimal.ZERO;
    BigDecimal greatest = nats.stream().reduce(BigDecimal::max).orElse(BigDecimal.ZERO);
    // Long inputs are of few different scores, and an exponential is most of the time they take.
    Map<BigDecimal, BigDecimal> known = new HashMap<>();
    for (BigDecimal part : nats) {
      BigDecimal exp = known.computeIfAbsent(part, p -> exp(p.subtract(greatest)));
      exps.add(exp);
      sum = sum.add(exp, DIGITS);
    }
    this.lse = nats.isEmpty() ? BigDecimal.ZERO : greatest.add(FiftyDigits.log(sum));
    for (int part = 0; part < exps.size(); part++) {
      BigDecimal weight = exps.get(part).divide(sum, DIGITS);
      double gap = Math.max(0, lse.subtract(nats.get(part)).doubleValue());
      double[] value = values.get(part);
      parts.add(new MergedPart(weight.doubleValue(), gap, errors.get(part), value));
      for (int i = 0; i < dim; i++) {
        outputs[i] = outputs[i].add(weight.multiply(new BigDecimal(value[i]), DIGITS), DIGITS);
      }
    }
    this.bound = new MergeBound(convention, lse.doubleValue(), parts, folded, largestSum);
  }

  private static BigDecimal exp(BigDecimal x) {
    if (x.signum() == 0) {
      return BigDecimal.ONE;
    }
    return x.negate().compareTo(NEGLIGIBLE) > 0 ? BigDecimal.ZERO : FiftyDigits.exp(x);
  }

  public boolean isEmpty() {
    return parts.isEmpty();
  }

  public int living() {
    return parts.size();
  }

  public BigDecimal output(int i) {
    return outputs[i];
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
