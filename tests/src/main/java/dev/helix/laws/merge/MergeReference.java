package dev.helix.laws.merge;

import dev.helix.attention.merge.LogBase;
import dev.helix.laws.Precision;
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
 * roundoff of log-sum-exps and sums, v that of outputs, n living parts, merged in up to D merges
 * one after the other. With gᵢ = LSE − LSEᵢ ≥ 0, pᵢ = exp(−gᵢ) and Lᵢ = |LSE| + gᵢ ≥ every
 * log-sum-exp on the way from part i to the whole, the exponent of part i is off by at most
 *
 * <pre>eᵢ = u·(2gᵢ + D·(3Lᵢ + 2F·(1 + ln n) + 8))</pre>
 *
 * <ul>
 *   <li>2gᵢ: the differences before exponentials, which add up to gᵢ along the way, and a
 *       multiplication for another base;
 *   <li>3Lᵢ: an intermediate log-sum-exp rounded, or multiplied by log₂e or ln 2, itself rounded;
 *   <li>2F: exponential, and logarithm of a sum of at most n; 8 to spare.
 * </ul>
 *
 * <p>Weights that are off alike in numerator and denominator give |O − O′| ≤ Σ pᵢ·rᵢ·|Oᵢ| with rᵢ =
 * exp(eᵢ + ē) − 1 + 2γ_{n+2D}(u) + 2D·v, where ē = Σ pᵢeᵢ is the denominator's share: both sums,
 * the division, and an output rounded in each merge. The log-sum-exp is off by ē + u·D·(3|LSE| +
 * 2F·(1 + ln n) + 2) + γₙ. Underflow costs the smallest number of each format, for each part and
 * merge. One living part merged once has no error in any careful merge; the bound leaves it the
 * roundings of its own size all the same.
 */
public final class MergeReference {
  static final MathContext DIGITS = FiftyDigits.DIGITS;

  /** e^−3000 of a double is beyond every double's last digit. */
  private static final BigDecimal NEGLIGIBLE = BigDecimal.valueOf(3000);

  private final Convention convention;
  private final List<Double> errors;
  private final BigDecimal lse;
  private final BigDecimal[] outputs;
  private final List<Double> gaps = new ArrayList<>();
  private final List<Double> weights = new ArrayList<>();
  private final List<double[]> values = new ArrayList<>();

  /** Merges parts with −∞ left out already. */
  private MergeReference(
      Convention convention, List<BigDecimal> nats, List<double[]> parts, int dim) {
    this(convention, nats, parts, Collections.nCopies(nats.size(), pairError(convention)), dim);
  }

  /**
   * Merges parts whose log-sum-exps an implementation computes itself.
   *
   * @param errors how far it may be off in each
   */
  public MergeReference(
      Convention convention,
      List<BigDecimal> nats,
      List<double[]> parts,
      List<Double> errors,
      int dim) {
    this.convention = convention;
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

  /**
   * What (max, sum) pairs add to the error of an exponent: mᵢ − m is longer than the gap by up to
   * |ln lᵢ| + |ln l|, the weight is multiplied by lᵢ, or ln lᵢ is taken and added.
   */
  private static double pairError(Convention convention) {
    double longest = Math.log(Collections.max(Stack.SUMS));
    double unit = Precision.unit(convention.precision().lse());
    return convention.pairs() ? unit * ((4 + 2 * convention.functionUlps()) * longest + 4) : 0;
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

  /** Bound of component i after {@code depth} merges. */
  public double outputBound(int i, int depth) {
    double unit = Precision.unit(convention.precision().lse());
    DType format = convention.precision().output();
    double denominator = meanExponentError(depth);
    int n = living();
    double bound = Precision.tiny(format) * depth;
    for (int part = 0; part < n; part++) {
      double relative =
          Math.expm1(exponentError(part, depth) + denominator)
              + 2 * gamma(n + 2 * depth, unit)
              + 2 * depth * Precision.unit(format);
      double value = Math.abs(values.get(part)[i]);
      bound += weights.get(part) * relative * value;
      bound += 4 * Precision.tiny(convention.precision().lse()) * (1 + value);
    }
    return bound * (1 + 0x1p-10);
  }

  /** Bound of the log-sum-exp after {@code depth} merges, in the implementation's base. */
  public double lseBound(int depth) {
    double unit = Precision.unit(convention.precision().lse());
    int n = living();
    double nats =
        meanExponentError(depth)
            + unit * depth * (3 * Math.abs(lse.doubleValue()) + functions(n) + 2)
            + gamma(n, unit);
    return nats / convention.base().nats() * (1 + 0x1p-10);
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
    return errors.get(part) + unit * (2 * gap + depth * (3 * largest + functions(living()) + 8));
  }

  private double functions(int n) {
    return 2 * convention.functionUlps() * (1 + Math.log(n));
  }

  private static double gamma(int n, double unit) {
    return n * unit / (1 - n * unit);
  }
}
