package dev.helix.attention.bounds;

import static dev.helix.tensor.compare.Rounding.SLACK;

import dev.helix.attention.convention.KernelRoundings;
import dev.helix.attention.convention.Precision;
import dev.helix.tensor.DType;

/**
 * Bounds how far a kernel's partial output and log-sum-exp of one row may be from the true values
 * for the same query, keys and values, if it rounds as {@link KernelRoundings} says and is free in
 * everything else: the order of its sums, tiles with a running maximum, splits that it merges
 * itself, exponentials of base 2 or e.
 *
 * <p>u is the unit roundoff of sums, a = 2u that of an addition in a tensor core, which truncates
 * (M. Fasi and others, "Numerical behavior of NVIDIA tensor cores", 2021), w that of weights, v
 * that of outputs, F the error of functions in ulps. t is the number of tokens of the row, sⱼ a
 * score, A = max |sⱼ| + ln t, which no maximum and no log-sum-exp on the way exceeds, and pⱼ =
 * exp(sⱼ − LSE).
 *
 * <p><b>Scores.</b> δⱼ = γ_{d+4}(a)·|scale|·Σ|q||k| is the dot product in any order, with the scale
 * applied to one factor or to the score. A soft cap costs 2<sup>−11</sup> of the score, because
 * kernels take its tangent from {@code tanh.approx.f32} (PTX ISA), and a bias three roundings.
 *
 * <p><b>Exponents</b>, whose error is the same in numerator and denominator:
 *
 * <pre>τⱼ = δⱼ + u·( 18A + 6F + 8 + (t/16)·(2F + 1) )</pre>
 *
 * <ul>
 *   <li>6A for sⱼ − m with the constant log₂e, its product and the difference; 6A for the
 *       differences of running maxima, which add up to at most 2A; 6A for the exponents with which
 *       splits are merged;
 *   <li>2F for each of the exponentials of token, split and logarithm of a split;
 *   <li>2F + 1 for the exponential and product of each rescaling, of which there is at most one for
 *       each tile, and no tile of a tensor core has fewer than 16 tokens.
 * </ul>
 *
 * <p>With τ the greatest of them such errors move the output by at most (e^τ − 1)·Σ pⱼ|vⱼ − o| /
 * e^−τ, as in {@link SoftmaxErrorBound}, and |vⱼ − o| ≤ |vⱼ| + |o| saves a second pass over the
 * tokens.
 *
 * <p><b>Numerator alone</b>, of Σ pⱼ|vⱼ|: w for the rounded weight, γ_{t+8}(a) for the product, the
 * sum in any order and over splits, and the division; <b>denominator alone</b>, of |o|: γ_{t+8}(a);
 * and v·|o| for the output's own rounding. Weights that underflow cost the smallest number of their
 * format for each token, relative to the greatest weight of 1.
 *
 * <p><b>Log-sum-exp</b>, in nats: (1 + τ)·Σ pⱼτⱼ/e^−τ + γ_t(a) + u·(6A + 2F·(1 + ln t) + 4), with
 * e^τ − 1 in place of the first where τ is above 1.
 *
 * <p>A kernel that promises that a number passes at most c additions and as many rescalings has
 * min(t, c) in place of t in γ and min(t/16, c) in place of t/16. For long contexts this decides
 * how sharp the bound is: summed one by one in FP32, a million terms may lose a tenth.
 *
 * <p>What the reference itself rounds in double precision is added in the same form with u =
 * 2<sup>−53</sup>, unless it has more digits. Only its rescalings are not, since a kernel may
 * promise fewer: the reference adds them to δⱼ, 3·2<sup>−53</sup> each.
 */
public final class KernelErrorBound {
  private static final double APPROXIMATE_TANGENT = 0x1p-11;
  private static final int TILE = 16;

  private final KernelRoundings kernel;
  private final double unit;
  private final double functions;
  private final int dim;

  /**
   * Creates the bound for all rows of a kernel.
   *
   * @param dim number of components of a query
   */
  public KernelErrorBound(KernelRoundings kernel, int dim) {
    this.kernel = kernel;
    this.dim = dim;
    boolean single = kernel.sums() == DType.F32;
    // The reference's own roundings in double precision count once more where the kernel's are so.
    this.unit = Precision.unit(kernel.sums()) + (single ? 4 : 1) * 0x1p-53;
    this.functions = kernel.functionUlps();
  }

  /**
   * δⱼ, the bound of one score's error.
   *
   * @param magnitude |scale|·Σ|q||k|
   * @param score the score
   * @param bias what was subtracted from it for its token's distance
   * @param capped whether it has passed a soft cap
   */
  public double score(double magnitude, double score, double bias, boolean capped) {
    double error = gamma(dim + 4L, 2 * unit) * magnitude;
    if (capped) {
      double tangent =
          kernel.sums() == DType.F32 ? APPROXIMATE_TANGENT : (2 * functions + 4) * unit;
      error += (tangent + 3 * unit) * (Math.abs(score) + Math.abs(bias));
    }
    return error + 3 * unit * Math.abs(bias) + (bias == 0 ? 0 : unit * Math.abs(score));
  }

  /**
   * The bound of one component of the output, infinite where sums may lose everything.
   *
   * @param output o, this component
   * @param magnitude Σ pⱼ|vⱼ| of this component
   * @param largestValue max |vⱼ|
   */
  public double output(Row row, double output, double magnitude, double largestValue) {
    double gamma = gamma(additions(row) + 8, 2 * unit);
    double tau = exponents(row) + row.largestError();
    double change = Math.expm1(tau) * Math.exp(tau);
    if (gamma == Double.POSITIVE_INFINITY || change == Double.POSITIVE_INFINITY) {
      return Double.POSITIVE_INFINITY;
    }
    double size = Math.abs(output);
    double shared = change * (magnitude + size);
    double numerator = (1 + change) * (Precision.unit(kernel.weights()) + gamma) * magnitude;
    double denominator = (1 + change) * gamma * (size + shared + numerator);
    double error = shared + numerator + denominator;
    return SLACK
        * (error
            + Precision.unit(kernel.output()) * (size + error)
            + row.tokens() * smallest(kernel.weights()) * largestValue
            + smallest(kernel.output()));
  }

  /** The bound of the log-sum-exp in nats, infinite where sums may lose everything. */
  public double lse(Row row) {
    double common = exponents(row);
    double tau = common + row.largestError();
    double change = tau <= 1 ? (1 + tau) * (common + row.meanError()) : Math.expm1(tau);
    return SLACK
        * (change * Math.exp(tau)
            + gamma(additions(row), 2 * unit)
            + unit * (6 * size(row) + 2 * functions * (1 + Math.log((double) row.tokens())) + 4));
  }

  /** The part of τⱼ that is the same for all tokens of a row. */
  private double exponents(Row row) {
    return unit * (18 * size(row) + 6 * functions + 8 + rescalings(row) * (2 * functions + 1));
  }

  private long additions(Row row) {
    return Math.min(row.tokens(), kernel.longestSum());
  }

  private double rescalings(Row row) {
    return Math.min(row.tokens() / (double) TILE, (double) kernel.longestSum());
  }

  /** A. */
  private static double size(Row row) {
    return row.largestScore() + Math.log((double) row.tokens());
  }

  /** What a number near 0 may lose: all of it where subnormal numbers are flushed. */
  private static double smallest(DType format) {
    return format == DType.F16 ? Precision.tiny(format) : Precision.normal(format);
  }

  private static double gamma(long n, double unit) {
    double nu = n * unit;
    return nu < 1 ? nu / (1 - nu) : Double.POSITIVE_INFINITY;
  }

  /**
   * What the bounds of one row need to know of its tokens.
   *
   * @param tokens t, at least 1, where a sink counts as one
   * @param largestScore max |sⱼ|
   * @param meanError Σ pⱼδⱼ, and what the reference's rescalings round
   * @param largestError max δⱼ, and what the reference's rescalings round
   */
  public record Row(long tokens, double largestScore, double meanError, double largestError) {}
}
