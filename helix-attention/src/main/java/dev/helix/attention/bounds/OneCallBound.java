package dev.helix.attention.bounds;

import dev.helix.attention.convention.Convention;
import dev.helix.attention.convention.Formats;
import dev.helix.attention.convention.Precision;
import dev.helix.tensor.DType;
import java.util.List;

/**
 * Bounds one call of a merge whose protocol sums all parts at once, term by term from the roundings
 * that its convention declares.
 *
 * <p>Let u be the unit roundoff of log-sum-exps, w that of factors, s that of products and sums,
 * and v that of answers; F the error of exponentials and logarithms in ulps; n the number of parts
 * with tokens; gᵢ = LSE − LSEᵢ and pᵢ = exp(−gᵢ).
 *
 * <p><b>Weights.</b> The exponent LSEᵢ − max is rounded once, and once more if it is multiplied by
 * a constant: 2u·gᵢ. A running maximum multiplies the weight by an exponential at most n times,
 * each off by 2F·u and multiplied with a rounding. So the logarithm of weight i is off by at most
 *
 * <pre>eᵢ = u·(2gᵢ + n·(2F + 1)), and on the mean ē = Σ pᵢeᵢ.</pre>
 *
 * <p><b>The merged log-sum-exp</b> max + ln Σ exp(LSEᵢ − max) is off by the mean of these errors,
 * by n additions of positive numbers, by the logarithm, and by the rounding of the result:
 *
 * <pre>δ = ē + γₙ(u) + 2F·u·(1 + ln n) + u·|LSE|.</pre>
 *
 * A change of its base multiplies it by a constant that was rounded, which adds 2u·|LSE|.
 *
 * <p><b>The factor of part i.</b> If weights are divided by their own sum, the factor has the
 * relative error exp(eᵢ + ē) − 1, n additions of the denominator, and three roundings of the
 * reciprocal and of two products. If the factor is exp(LSEᵢ − LSE) with the rounded log-sum-exp,
 * its exponent is off by δ + 2u·gᵢ + 2F·u, and δ, which is common to all parts, is not divided out.
 * Each factor is rounded to its own format, with a relative error of w.
 *
 * <p><b>The output.</b> A product is rounded once and takes part in at most n − 1 additions, in
 * whatever order: (1 + s)ⁿ. With rᵢ the relative error of all that, the sum is off by E = Σ
 * pᵢ·rᵢ·|Oᵢ|. The cast of the sum adds v·(|O| + E), where |O| is the merged output itself, which is
 * small where parts cancel. There is no cast if the answer has the format of the sums.
 */
final class OneCallBound {
  private final Convention convention;
  private final double lse;
  private final List<MergedPart> parts;
  private final double longestLogSum;
  private final long count;
  private final double unit;
  private final double meanError;
  private final double[] relative;

  /**
   * Derives the errors that all components of a row share.
   *
   * @param lse the merged log-sum-exp, in nats
   * @param longestLogSum logarithm of the largest sum of given pairs; 0 if there are none
   */
  OneCallBound(Convention convention, double lse, List<MergedPart> parts, double longestLogSum) {
    this.convention = convention;
    this.lse = lse;
    this.parts = parts;
    this.longestLogSum = longestLogSum;
    this.count = parts.stream().mapToLong(MergedPart::count).sum();
    this.unit = Precision.unit(convention.formats().lse());
    this.meanError = parts.stream().mapToDouble(part -> part.weight() * exponentError(part)).sum();
    this.relative = parts.stream().mapToDouble(this::relativeError).toArray();
  }

  /** The bound of component i of the output. */
  double output(int i) {
    Formats formats = convention.formats();
    double error = 0;
    double output = 0;
    double magnitudes = 0;
    for (int at = 0; at < relative.length; at++) {
      MergedPart part = parts.get(at);
      double value = part.value()[i];
      output += part.weight() * value;
      magnitudes += part.weight() * Math.abs(value);
      error += part.weight() * relative[at] * Math.abs(value);
      error += part.count() * 4 * smallest() * (1 + Math.abs(value));
    }
    double merged = Math.abs(output) + (count + 4) * 0x1p-52 * magnitudes;
    boolean cast = formats.answer() != formats.accumulator();
    double answer = Precision.unit(formats.answer());
    double rounded = cast ? answer * (merged + error) : 0;
    return (error + rounded + lost(formats.answer())) * (1 + 0x1p-10);
  }

  /** The bound of the merged log-sum-exp, in nats. */
  double lse() {
    boolean converted = convention.weights().answered() != convention.base();
    return (lseError() + (converted ? 2 * unit * Math.abs(lse) : 0)) * (1 + 0x1p-10);
  }

  /** δ. */
  private double lseError() {
    return meanError + grown(unit, count) + functions() * (1 + logCount()) + unit * Math.abs(lse);
  }

  /** eᵢ. */
  private double exponentError(MergedPart part) {
    return part.exponentError()
        + 2 * unit * part.gap()
        + count * (functions() + unit)
        + pairError();
  }

  private double relativeError(MergedPart part) {
    Formats formats = convention.formats();
    boolean renormalises = convention.protocol().renormalises();
    double exponent =
        renormalises
            ? exponentError(part) + meanError + Math.log1p(grown(unit, count + 3))
            : exponentError(part) + lseError() + functions();
    double factor = Precision.unit(formats.factor());
    double sums = count * Math.log1p(Precision.unit(formats.accumulator()));
    return Math.expm1(exponent + Math.log1p(factor) + sums);
  }

  /**
   * The error that (max, sum) pairs add to an exponent: mᵢ − m exceeds the gap by up to |ln lᵢ| +
   * |ln l|, and the weight is multiplied by lᵢ, or ln lᵢ is computed and added.
   */
  private double pairError() {
    return convention.pairs()
        ? unit * ((4 + 2 * convention.functionUlps()) * longestLogSum + 4)
        : 0;
  }

  private double functions() {
    return 2 * convention.functionUlps() * unit;
  }

  private double logCount() {
    return Math.log((double) count);
  }

  /** What underflow costs in the coarsest format that a factor or product is held in. */
  private double smallest() {
    Formats formats = convention.formats();
    return Math.max(
        lost(formats.lse()), Math.max(lost(formats.factor()), lost(formats.accumulator())));
  }

  private double lost(DType format) {
    return convention.roundings().flushesSubnormals()
        ? Precision.normal(format)
        : Precision.tiny(format);
  }

  /** (1 + unit)ⁿ − 1. */
  private static double grown(double unit, long n) {
    return Math.expm1(n * Math.log1p(unit));
  }
}
