package dev.helix.laws.merge;

import dev.helix.attention.convention.Convention;
import dev.helix.attention.convention.LogBase;
import dev.helix.attention.convention.Precision;
import dev.helix.tensor.DType;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * The merge of one row in 50 digits, and how far an implementation of a given format may be off.
 *
 * <p><b>The bound</b>, for natural logarithms and exponentials that are off by F ulps, u the unit
 * roundoff of log-sum-exps and sums, v that of outputs, n living parts, merged by D calls one after
 * the other. A call may fold its parts through finished pairs (O, LSE), so that up to M = D + n − 2
 * merges of two lie on the way from a part to the whole (D if n &lt; 2). With gᵢ = LSE − LSEᵢ ≥ 0,
 * pᵢ = exp(−gᵢ) and Lᵢ = |LSE| + gᵢ ≥ every log-sum-exp on that way, the exponent of part i is off
 * by at most
 *
 * <pre>eᵢ = u·(2gᵢ + M·(3Lᵢ + 2F·(1 + ln n) + 8))</pre>
 *
 * <ul>
 *   <li>2gᵢ: the differences before exponentials, which add up to gᵢ along the way, and a
 *       multiplication for another base;
 *   <li>3Lᵢ: an intermediate log-sum-exp rounded, or multiplied by log₂e or ln 2, itself rounded;
 *   <li>2F: exponential, and logarithm of a sum of at most n; 8 to spare.
 * </ul>
 *
 * <p>Weights that are off alike in numerator and denominator give |O − O′| ≤ Σ pᵢ·rᵢ·|Oᵢ| with rᵢ =
 * exp(eᵢ + ē) − 1 + 2γ_{n+2M}(u) + D·v, where ē = Σ pᵢeᵢ is the denominator's share: both sums, the
 * division, and an output rounded in each call. The log-sum-exp is off by ē + u·M·(3|LSE| + 2F·(1 +
 * ln n) + 2) + γₙ. Underflow costs the smallest number of each format, for each part and merge.
 *
 * <p>A merge of two need not pivot on the greater part. O₁ − σ·(O₁ − O₂) and L₁ − ln σ(L₁ − L₂), in
 * which the first part may be the one without weight, are off by the roundings of that part: 4u·max
 * |Oᵢ| in the output and, with G the widest gap between parts, 2u·G in the log-sum-exp, M times
 * each; a log-sum-exp on the way is part of M − 1 exponents eᵢ. One living part merged once has no
 * error in any careful merge; the bound leaves it the roundings of its own size all the same.
 */
public final class MergeReference {
  static final MathContext DIGITS = FiftyDigits.DIGITS;

  /** e^−3000 of a double is beyond every double's last digit. */
  private static final BigDecimal NEGLIGIBLE = BigDecimal.valueOf(3000);

  private final Convention convention;
  private final boolean folded;
  private final List<Double> errors;
  private final BigDecimal lse;
  private final BigDecimal[] outputs;
  private final List<Double> gaps = new ArrayList<>();
  private final List<Double> weights = new ArrayList<>();
  private final List<double[]> values = new ArrayList<>();

  /** Merges parts with −∞ left out already. */
  private MergeReference(
      Convention convention, List<BigDecimal> nats, List<double[]> parts, int dim) {
    this(convention, true, nats, parts, Collections.nCopies(nats.size(), 0.0), dim);
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
      List<double[]> parts,
      List<Double> errors,
      int dim) {
    this(convention, false, nats, parts, errors, dim);
  }

  private MergeReference(
      Convention convention,
      boolean folded,
      List<BigDecimal> nats,
      List<double[]> parts,
      List<Double> errors,
      int dim) {
    this.convention = convention;
    this.folded = folded;
    this.errors = errors;
    this.outputs = new BigDecimal[dim];
    Arrays.fill(outputs, BigDecimal.ZERO);
    if (nats.isEmpty()) {
      this.lse = BigDecimal.ZERO;
      return;
    }
    BigDecimal greatest = nats.stream().reduce(BigDecimal::max).orElseThrow();
    List<BigDecimal> exps = new ArrayList<>();
    BigDecimal sum = BigDecimal.ZERO;
    for (BigDecimal part : nats) {
      BigDecimal exp = exp(part.subtract(greatest));
      exps.add(exp);
      sum = sum.add(exp, DIGITS);
    }
    BigDecimal log = FiftyDigits.log(sum);
    this.lse = greatest.add(log);
    for (int part = 0; part < exps.size(); part++) {
      BigDecimal weight = exps.get(part).divide(sum, DIGITS);
      weights.add(weight.doubleValue());
      gaps.add(Math.max(0, lse.subtract(nats.get(part)).doubleValue()));
      values.add(parts.get(part));
      for (int i = 0; i < dim; i++) {
        outputs[i] =
            outputs[i].add(weight.multiply(new BigDecimal(parts.get(part)[i]), DIGITS), DIGITS);
      }
    }
  }

  /** Of row {@code row} of a stack whose living outputs are finite. */
  public static MergeReference of(Stack stack, int row) {
    List<BigDecimal> nats = new ArrayList<>();
    List<double[]> parts = new ArrayList<>();
    for (int shard = 0; shard < stack.shards; shard++) {
      if (stack.living(shard, row)) {
        nats.add(stack.nats(shard, row));
        double[] value = new double[stack.dim];
        for (int i = 0; i < value.length; i++) {
          value[i] = stack.output(shard, row, i);
        }
        parts.add(value);
      }
    }
    return new MergeReference(stack.convention, nats, parts, stack.dim);
  }

  /** The nearest double to a row's merged log-sum-exp, whatever its outputs are; −∞ if empty. */
  static double lseOf(Stack stack, int row) {
    List<BigDecimal> nats = new ArrayList<>();
    List<double[]> nothing = new ArrayList<>();
    for (int shard = 0; shard < stack.shards; shard++) {
      if (stack.living(shard, row) && !Double.isFinite(stack.lse(shard, row))) {
        return Double.NaN;
      }
      if (stack.living(shard, row)) {
        nats.add(stack.nats(shard, row));
        nothing.add(new double[0]);
      }
    }
    return new MergeReference(stack.convention, nats, nothing, 0).lseInBase();
  }

  static BigDecimal exp(BigDecimal x) {
    if (x.signum() == 0) {
      return BigDecimal.ONE;
    }
    return x.negate().compareTo(NEGLIGIBLE) > 0 ? BigDecimal.ZERO : FiftyDigits.exp(x);
  }

  public boolean isEmpty() {
    return values.isEmpty();
  }

  int living() {
    return values.size();
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

  BigDecimal inBase(BigDecimal nats) {
    return convention.base() == LogBase.E ? nats : nats.divide(FiftyDigits.LN_2, DIGITS);
  }

  /** Bound of component i after {@code depth} calls. */
  public double outputBound(int i, int depth) {
    double unit = Precision.unit(convention.precision().lse());
    DType format = convention.precision().output();
    double denominator = meanExponentError(depth);
    int n = living();
    int merges = merges(depth);
    double bound = Precision.tiny(format) * depth;
    double largest = 0;
    for (int part = 0; part < n; part++) {
      double relative =
          Math.expm1(exponentError(part, depth) + denominator)
              + 2 * gamma(n + 2 * merges, unit)
              + depth * Precision.unit(format);
      double value = Math.abs(values.get(part)[i]);
      largest = Math.max(largest, value);
      bound += weights.get(part) * relative * value;
      bound += 4 * Precision.tiny(convention.precision().lse()) * (1 + value);
    }
    bound += folded && n > 1 ? 4 * unit * merges * largest : 0;
    return bound * (1 + 0x1p-10);
  }

  /** Bound of the log-sum-exp after {@code depth} calls, in the implementation's base. */
  public double lseBound(int depth) {
    double unit = Precision.unit(convention.precision().lse());
    int n = living();
    double nats =
        meanExponentError(depth)
            + unit * merges(depth) * (3 * Math.abs(lse.doubleValue()) + functions(n) + 2)
            + 2 * unit * merges(depth) * widestGap()
            + gamma(n, unit);
    return nats / convention.base().nats() * (1 + 0x1p-10);
  }

  /** M: merges of two, at most, on the way from a part to the whole. */
  private int merges(int depth) {
    return folded ? depth + Math.max(0, living() - 2) : depth;
  }

  /** The largest magnitude of a part's log-sum-exp, in nats. */
  double largestLse() {
    return Math.abs(lse.doubleValue()) + gaps.stream().reduce(0.0, Math::max);
  }

  /** Σ pᵢ·|Oᵢ| of component i. */
  double weightedMagnitude(int i) {
    double sum = 0;
    for (int part = 0; part < living(); part++) {
      sum += weights.get(part) * Math.abs(values.get(part)[i]);
    }
    return sum;
  }

  private double widestGap() {
    return folded && living() > 1 ? Collections.max(gaps) - Collections.min(gaps) : 0;
  }

  private double meanExponentError(int depth) {
    double mean = 0;
    for (int part = 0; part < living(); part++) {
      mean += weights.get(part) * exponentError(part, depth);
    }
    return mean;
  }

  private double exponentError(int part, int depth) {
    double unit = Precision.unit(convention.precision().lse());
    double gap = gaps.get(part);
    double largest = Math.abs(lse.doubleValue()) + gap;
    return errors.get(part)
        + unit * 2 * gap
        + unit * 2 * (merges(depth) - 1) * widestGap()
        + merges(depth) * (unit * (3 * largest + functions(living()) + 8) + pairError());
  }

  /**
   * What (max, sum) pairs add to the error of an exponent in a merge: mᵢ − m is longer than the gap
   * by up to |ln lᵢ| + |ln l|, the weight is multiplied by lᵢ, or ln lᵢ is taken and added.
   */
  private double pairError() {
    double longest = Math.log(Collections.max(Stack.SUMS));
    double unit = Precision.unit(convention.precision().lse());
    return convention.pairs() ? unit * ((4 + 2 * convention.functionUlps()) * longest + 4) : 0;
  }

  private double functions(int n) {
    return 2 * convention.functionUlps() * (1 + Math.log(n));
  }

  private static double gamma(int n, double unit) {
    return n * unit / (1 - n * unit);
  }
}
