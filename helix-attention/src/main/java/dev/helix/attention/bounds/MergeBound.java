package dev.helix.attention.bounds;

import dev.helix.attention.convention.Convention;
import dev.helix.attention.convention.Formats;
import dev.helix.attention.convention.Precision;
import dev.helix.attention.convention.Protocol;
import dev.helix.tensor.DType;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

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
 * <p>A convention that states its protocol takes exponentials and logarithms in the base of its
 * weights: 3Lᵢ is then Lᵢ, unless merged log-sum-exps have another base.
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
 *
 * <p><b>Protocols.</b> A convention whose protocol sums all parts at once is held to the tighter
 * {@link OneCallBound} in a single call. Where its answers are merged again, or where a call takes
 * so few parts that a tree of L levels is needed, the bound above holds with M = D·L. Each of these
 * calls then also rounds factors (w) and adds n products in the format of sums (s), and its answer
 * is rounded to the format of parts: the term D·v becomes ((1 + w)(1 + s)ⁿ(1 + v)(1 + p))^{DL} − 1.
 * If factors come from rounded log-sum-exps, each call adds its error of the log-sum-exp, which the
 * weights share, once more to every exponent. Under a stated protocol the last cast adds v·|O| in
 * place of v·Σ pᵢ|Oᵢ|.
 */
public final class MergeBound {
  private final Convention convention;
  private final double lse;
  private final List<MergedPart> parts;

  /** n, the number of parts. */
  private final long count;

  private final boolean ofParts;
  private final boolean folded;
  private final int levels;
  private final double largestSum;
  private final double longestLogSum;
  private final double widestGap;
  private Optional<OneCallBound> oneCall = Optional.empty();

  /** The relative errors by depth; all components of a row have the same ones. */
  private final Map<Integer, double[]> relativeErrors = new HashMap<>();

  /**
   * Creates the bound for one row.
   *
   * @param lse the merged log-sum-exp, in nats
   * @param parts the parts that have tokens, at least one
   * @param ofParts whether finished parts are merged, in whatever way the protocol allows;
   *     otherwise tokens are summed in one pass, which rescales all to the greatest
   * @param largestSum the largest sum of the (max, sum) pairs that the implementation is given;
   *     unused if it is given log-sum-exps
   */
  public MergeBound(
      Convention convention,
      double lse,
      List<MergedPart> parts,
      boolean ofParts,
      double largestSum) {
    this(convention, lse, parts, new Calls(ofParts, 1), largestSum);
  }

  /**
   * How the parts of a row are merged.
   *
   * @param ofParts whether finished parts are merged; otherwise tokens are summed in one pass
   * @param levels depth of the tree of calls that merges all parts, if a call does not take so many
   */
  private record Calls(boolean ofParts, int levels) {}

  private MergeBound(
      Convention convention, double lse, List<MergedPart> parts, Calls calls, double largestSum) {
    this.convention = convention;
    this.lse = lse;
    this.parts = List.copyOf(parts);
    this.count = parts.stream().mapToLong(MergedPart::count).sum();
    this.ofParts = calls.ofParts;
    this.folded = ofParts && convention.protocol().folds();
    this.levels = calls.levels;
    this.largestSum = largestSum;
    this.longestLogSum = Math.log(largestSum);
    this.widestGap = folded && count > 1 ? widestGap(parts) : 0;
  }

  /** This bound where a tree of calls of this depth merges the parts. */
  public MergeBound inLevels(int depth) {
    return new MergeBound(convention, lse, parts, new Calls(ofParts, depth), largestSum);
  }

  /** The bound of component i of the output after {@code depth} calls. */
  public double output(int i, int depth) {
    if (isOneCall(depth)) {
      return oneCall().output(i);
    }
    double unit = Precision.unit(convention.precision().lse());
    double[] relative = relativeErrors.computeIfAbsent(depth, this::relativeErrors);
    double bound = lost(convention.precision().output()) * depth * levels;
    double largest = 0;
    double output = 0;
    double magnitudes = 0;
    for (int at = 0; at < relative.length; at++) {
      MergedPart part = parts.get(at);
      double value = Math.abs(part.value()[i]);
      largest = Math.max(largest, value);
      output += part.weight() * part.value()[i];
      magnitudes += part.weight() * value;
      bound += part.weight() * relative[at] * value;
      bound += part.count() * 4 * smallest() * (1 + value);
    }
    bound += folded && count > 1 ? 4 * unit * merges(depth) * largest : 0;
    if (castsOnce()) {
      double merged = Math.abs(output) + (count + 4) * 0x1p-52 * magnitudes;
      bound += Precision.unit(convention.precision().output()) * (merged + bound);
    }
    return bound * (1 + 0x1p-10);
  }

  /** rᵢ of each part. */
  private double[] relativeErrors(int depth) {
    double unit = Precision.unit(convention.precision().lse());
    double denominator = meanExponentError(depth);
    double sums = 2 * gamma(count + 2 * merges(depth), unit);
    double rounded = castError(depth) + protocolError(depth);
    double shared = convention.protocol().renormalises() ? 0 : depth * levels * lseError(1);
    return parts.stream()
        .mapToDouble(
            part -> Math.expm1(exponentError(part, depth) + denominator + shared) + sums + rounded)
        .toArray();
  }

  /** Whether the output is known to be cast once in a call, from a sum in another format. */
  private boolean castsOnce() {
    return ofParts && convention.protocol().exchange() != Protocol.Exchange.UNSTATED;
  }

  /** The roundings of outputs: in every call but the last of a merge, whose cast adds v·|O|. */
  private double castError(int depth) {
    int casts = castsOnce() ? depth * levels - 1 : depth * levels;
    return casts * Precision.unit(convention.precision().output());
  }

  /**
   * The roundings of factors, and of products and sums, that are coarser than those of
   * log-sum-exps; and the rounding of answers that become parts again.
   */
  private double protocolError(int depth) {
    Formats formats = convention.formats();
    double unit = Precision.unit(formats.lse());
    double factor = Precision.unit(formats.factor());
    double sum = Precision.unit(formats.accumulator());
    double part = Precision.unit(formats.partial());
    double logarithm = factor > unit ? Math.log1p(factor) : 0;
    logarithm += sum > unit ? count * Math.log1p(sum) : 0;
    double inCalls = ofParts ? depth * levels * logarithm : 0;
    boolean coarser = part > Precision.unit(formats.answer());
    double again = coarser ? (depth * levels - 1) * Math.log1p(part) : 0;
    return Math.expm1(inCalls + again);
  }

  /** The bound of the log-sum-exp after {@code depth} calls, in the base of the parts' weights. */
  public double lse(int depth) {
    double nats = isOneCall(depth) ? oneCall().lse() : lseError(depth);
    // The base of an answer's log-sum-exp is changed in double precision before it is compared.
    boolean converted = convention.weights().answered() != convention.base();
    double changed = converted ? 0x1p-50 * Math.abs(lse) : 0;
    return (nats + changed) / convention.base().nats() * (1 + 0x1p-10);
  }

  private boolean isOneCall(int depth) {
    return ofParts && !folded && depth * levels == 1;
  }

  private OneCallBound oneCall() {
    oneCall =
        oneCall.or(
            () ->
                Optional.of(
                    new OneCallBound(
                        convention, lse, parts, convention.pairs() ? longestLogSum : 0)));
    return oneCall.orElseThrow();
  }

  private double lseError(int depth) {
    double unit = Precision.unit(convention.precision().lse());
    return meanExponentError(depth)
        + unit * merges(depth) * (lseRoundings() * Math.abs(lse) + functions() + 2)
        + 2 * unit * merges(depth) * widestGap
        + gamma(count, unit);
  }

  /** M, the largest number of merges of two on the way from a part to the whole. */
  private long merges(int depth) {
    return folded ? (long) depth * levels + Math.max(0, count - 2) : (long) depth * levels;
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
        + merges(depth) * (unit * (lseRoundings() * largest + functions() + 8) + pairError());
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

  /** What underflow costs in the coarsest format that a weight or product is held in. */
  private double smallest() {
    Formats formats = convention.formats();
    double weight = lost(formats.lse());
    return ofParts
        ? Math.max(weight, Math.max(lost(formats.factor()), lost(formats.accumulator())))
        : weight;
  }

  private double lost(DType format) {
    return convention.roundings().flushesSubnormals()
        ? Precision.normal(format)
        : Precision.tiny(format);
  }

  /**
   * How often an intermediate log-sum-exp is rounded. Under a stated protocol exponentials and
   * logarithms are taken in the base of the weights, so that only the sum rounds it; otherwise it
   * may be multiplied by a rounded constant, before and after.
   */
  private int lseRoundings() {
    boolean stated = convention.protocol().exchange() != Protocol.Exchange.UNSTATED;
    boolean converted = convention.weights().answered() != convention.base();
    return ofParts && stated && !converted ? 1 : 3;
  }

  private double functions() {
    return 2 * convention.functionUlps() * (1 + Math.log((double) count));
  }

  private static double gamma(long n, double unit) {
    return n * unit / (1 - n * unit);
  }
}
