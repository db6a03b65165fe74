package dev.helix.attention.bounds;

import dev.helix.attention.convention.Convention;
import dev.helix.attention.convention.Precision;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Bounds how far an implementation's merge of one row may be from the true value if it rounds as
 * its convention says.
 *
 * <p><b>The bound.</b> Let F be the error of logarithms and exponentials in ulps, u the unit
 * roundoff of log-sum-exps and sums, and v that of outputs. Let n parts have tokens, and let D
 * calls merge them one after the other. A call may fold its parts through finished pairs (O, LSE),
 * so that up to M = D + n − 2 merges of two lie on the way from a part to the whole (D if n &lt;
 * 2). With gᵢ = LSE − LSEᵢ ≥ 0, pᵢ = exp(−gᵢ) and Lᵢ = |LSE| + gᵢ ≥ every log-sum-exp on that way,
 * the exponent of part i is off by at most
 *
 * <pre>eᵢ = u·(2gᵢ + M·(3Lᵢ + 2F·(1 + ln n) + 8))</pre>
 *
 * <ul>
 *   <li>2gᵢ is for the differences before exponentials, which add up to gᵢ along the way, and for a
 *       multiplication if the base is another;
 *   <li>3Lᵢ is for an intermediate log-sum-exp that is rounded, or multiplied by log₂e or ln 2,
 *       which are rounded themselves;
 *   <li>2F is for the exponential and the logarithm of a sum of at most n, and 8 are to spare.
 * </ul>
 *
 * <p>If weights are off by the same in numerator and denominator, then |O − O′| ≤ Σ pᵢ·rᵢ·|Oᵢ| with
 * rᵢ = exp(eᵢ + ē) − 1 + 2γ_{n+2M}(u) + D·v, where ē = Σ pᵢeᵢ is the denominator's share: both
 * sums, the division, and an output rounded in each call. The log-sum-exp is off by ē + u·M·(3|LSE|
 * + 2F·(1 + ln n) + 2) + γₙ. Underflow costs the smallest number of each format, for each part and
 * merge.
 *
 * <p>A merge of two need not start from the greater part. In O₁ − σ·(O₁ − O₂) and L₁ − ln σ(L₁ −
 * L₂) the first part may be the one without weight. These forms are off by the roundings of that
 * part: 4u·max |Oᵢ| in the output and, with G the widest gap between parts, 2u·G in the
 * log-sum-exp, M times each; a log-sum-exp on the way is part of M − 1 exponents eᵢ. A single part
 * that is merged once has no error in any careful merge; the bound allows it the roundings of its
 * own size all the same.
 */
public final class MergeBound {
  private final Convention convention;
  private final double lse;
  private final List<MergedPart> parts;

  /** n, the number of parts. */
  private final long count;

  private final boolean folded;
  private final double longestLogSum;
  private final double widestGap;

  /** The relative errors by depth; all components of a row have the same ones. */
  private final Map<Integer, double[]> relativeErrors = new HashMap<>();

  /**
   * Creates the bound for one row.
   *
   * @param lse the merged log-sum-exp, in nats
   * @param parts the parts that have tokens, at least one
   * @param folded whether a merge may fold its parts through finished pairs; otherwise it rescales
   *     all to the greatest in one pass
   * @param largestSum the largest sum of the (max, sum) pairs that the implementation is given;
   *     unused if it is given log-sum-exps
   */
  public MergeBound(
      Convention convention,
      double lse,
      List<MergedPart> parts,
      boolean folded,
      double largestSum) {
    this.convention = convention;
    this.lse = lse;
    this.parts = List.copyOf(parts);
    this.count = parts.stream().mapToLong(MergedPart::count).sum();
    this.folded = folded;
    this.longestLogSum = Math.log(largestSum);
    this.widestGap = folded && count > 1 ? widestGap(parts) : 0;
  }

  /** The bound of component i of the output after {@code depth} calls. */
  public double output(int i, int depth) {
    double unit = Precision.unit(convention.precision().lse());
    double[] relative = relativeErrors.computeIfAbsent(depth, this::relativeErrors);
    double bound = Precision.tiny(convention.precision().output()) * depth;
    double largest = 0;
    for (int at = 0; at < relative.length; at++) {
      MergedPart part = parts.get(at);
      double value = Math.abs(part.value()[i]);
      largest = Math.max(largest, value);
      bound += part.weight() * relative[at] * value;
      bound += part.count() * 4 * Precision.tiny(convention.precision().lse()) * (1 + value);
    }
    bound += folded && count > 1 ? 4 * unit * merges(depth) * largest : 0;
    return bound * (1 + 0x1p-10);
  }

  /** rᵢ of each part. */
  private double[] relativeErrors(int depth) {
    double unit = Precision.unit(convention.precision().lse());
    double denominator = meanExponentError(depth);
    double sums = 2 * gamma(count + 2 * merges(depth), unit);
    double rounded = depth * Precision.unit(convention.precision().output());
    return parts.stream()
        .mapToDouble(part -> Math.expm1(exponentError(part, depth) + denominator) + sums + rounded)
        .toArray();
  }

  /** The bound of the log-sum-exp after {@code depth} calls, in the implementation's base. */
  public double lse(int depth) {
    double unit = Precision.unit(convention.precision().lse());
    double nats =
        meanExponentError(depth)
            + unit * merges(depth) * (3 * Math.abs(lse) + functions() + 2)
            + 2 * unit * merges(depth) * widestGap
            + gamma(count, unit);
    return nats / convention.base().nats() * (1 + 0x1p-10);
  }

  /** M, the largest number of merges of two on the way from a part to the whole. */
  private long merges(int depth) {
    return folded ? depth + Math.max(0, count - 2) : depth;
  }

  private static double widestGap(List<MergedPart> parts) {
    double widest = parts.stream().mapToDouble(MergedPart::gap).max().orElseThrow();
    return widest - parts.stream().mapToDouble(MergedPart::gap).min().orElseThrow();
  }

  private double meanExponentError(int depth) {
    double mean = 0;
    for (MergedPart part : parts) {
      mean += part.weight() * exponentError(part, depth);
    }
    return mean;
  }

  private double exponentError(MergedPart part, int depth) {
    double unit = Precision.unit(convention.precision().lse());
    double largest = Math.abs(lse) + part.gap();
    return part.exponentError()
        + unit * 2 * part.gap()
        + unit * 2 * (merges(depth) - 1) * widestGap
        + merges(depth) * (unit * (3 * largest + functions() + 8) + pairError());
  }

  /**
   * The error that (max, sum) pairs add to an exponent in a merge. The difference mᵢ − m exceeds
   * the gap by up to |ln lᵢ| + |ln l|, and the weight is multiplied by lᵢ, or ln lᵢ is computed and
   * added.
   */
  private double pairError() {
    double unit = Precision.unit(convention.precision().lse());
    return convention.pairs()
        ? unit * ((4 + 2 * convention.functionUlps()) * longestLogSum + 4)
        : 0;
  }

  private double functions() {
    return 2 * convention.functionUlps() * (1 + Math.log((double) count));
  }

  private static double gamma(long n, double unit) {
    return n * unit / (1 - n * unit);
  }
}
