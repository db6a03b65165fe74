package dev.helix.attention.bounds;

import static dev.helix.tensor.compare.Rounding.SLACK;
import static dev.helix.tensor.compare.Rounding.UNDERFLOW;
import static dev.helix.tensor.compare.Rounding.UNIT;
import static dev.helix.tensor.compare.Rounding.gamma;

/**
 * Bounds how far two ways of computing one head's output o = Σ pⱼvⱼ, p = softmax(s), can differ.
 * The first is the textbook softmax over all t tokens. The second merges locally normalised partial
 * outputs of up to N shards by log-sum-exp. The two start from scores within δⱼ and values within
 * e_vⱼ of each other.
 *
 * <p><b>Errors that numerator and denominator share.</b> Let the second program's weight of token j
 * be exp(sⱼ + dⱼ), |dⱼ| ≤ τⱼ, in the numerator and in the denominator. Because Σ pⱼ(vⱼ − o) = 0,
 *
 * <pre>
 * o′ − o = Σ pⱼ (e^dⱼ − 1)(vⱼ − o) / Σ pₖ e^dₖ ,   hence   |o′ − o| ≤ Σ pⱼ (e^τⱼ − 1)|vⱼ − o| / D ,
 * D = Σ pₖ e^−τₖ
 * </pre>
 *
 * exactly, for perturbations of every size; to first order it is the sensitivity ∂o/∂sⱼ = pⱼ(vⱼ −
 * o), which vanishes if one token has all the weight. With gⱼ = LSE − sⱼ ≥ 0, τⱼ is the sum of
 *
 * <ul>
 *   <li>δⱼ, the scores' difference;
 *   <li>u·gⱼ for each program: rounding of the exponent sⱼ − m, for every m between sⱼ and LSE, so
 *       for the maximum of any shard; with a running maximum the steps of the rescaling add up to
 *       no more;
 *   <li>u·max(|sⱼ|, |LSE|): rounding of LSEᵢ = mᵢ + ln lᵢ of the token's shard i, which lies
 *       between these two (not for N = 1);
 *   <li>2u·ln t: the logarithm, 1 ulp of ln lᵢ ≤ ln t (not for N = 1). Errors of lᵢ itself cancel,
 *       as the partial output was divided by the same lᵢ;
 *   <li>4u for two exponentials, and 4u to spare.
 * </ul>
 *
 * <p><b>Errors of the numerator alone</b> multiply |vⱼ|, relative to each term pⱼvⱼ:
 *
 * <ul>
 *   <li>2γ_t: the sum over tokens, in each program in any order;
 *   <li>γ_{t/16}: rescaling for a running maximum, four roundings for each tile of at least 64
 *       tokens after the first. A window may begin within a tile, which adds one tile. Where
 *       processors share the tokens, the state of a stretch of tiles is rescaled when it is added
 *       to the others; as the tiles before it are none of its own, there are no more rescalings;
 *   <li>u·gⱼ: rounding of the merge exponent LSEᵢ − LSE; γ_N: weighting and adding the shards;
 *   <li>2u for the merge exponential, 2u for the normalising divisions, and 4u to spare.
 * </ul>
 *
 * <p><b>Errors of the denominator alone</b> multiply |o|:
 *
 * <ul>
 *   <li>2γ_t and γ_{t/16}: the sums l, as above;
 *   <li>u·|LSE| (not for N = 1), 2u·ln N and γ_N: the merged LSE = M + ln Σ exp(LSEᵢ − M) with its
 *       sum over N shards;
 *   <li>u·Σpⱼgⱼ: rounding of the exponents LSEᵢ − M, averaged over the shards;
 *   <li>2u for their exponential, and 6u to spare.
 * </ul>
 *
 * <p>For N = 1 the merge is exact, as exp(0) = 1 and ln 1 = 0 are: one rank is the identity.
 *
 * <p>The value errors enter with the second program's weights, pⱼ′ ≤ pⱼe^τⱼ/D. Weights that
 * underflow are off by up to 2<sup>−1074</sup> each, and so are products with values.
 */
final class SoftmaxErrorBound {
  private final double[] gaps;
  private final double[] weights;
  private final double[] largestWeights;
  private final double[] weightChanges;
  private final double[] numeratorErrors;
  private final double denominatorError;
  private final double totalChange;
  private final int shards;

  /**
   * Creates the bound for one head of one row.
   *
   * @param scores sⱼ, {@code [tokens]}, at least one
   * @param scoreErrors δⱼ, {@code [tokens]}
   * @param shards N
   */
  SoftmaxErrorBound(double[] scores, double[] scoreErrors, int shards) {
    this(scores, scoreErrors, shards, 0);
  }

  /**
   * Creates the bound for programs that may go through the tokens in more tiles.
   *
   * @param smallTiles how many tiles may be smaller than 64 tokens, besides the last
   */
  SoftmaxErrorBound(double[] scores, double[] scoreErrors, int shards, int smallTiles) {
    int tokens = scores.length;
    this.shards = shards;
    double lse = logSumExp(scores);
    double largestScoreError = 0;
    for (double error : scoreErrors) {
      largestScoreError = Math.max(largestScoreError, error);
    }
    double largestLse = Math.abs(lse) + largestScoreError;
    boolean merges = shards > 1;

    gaps = new double[tokens];
    double[] tau = new double[tokens];
    double smallestSum = 0;
    for (int j = 0; j < tokens; j++) {
      double gap = Math.max(0, lse - scores[j]);
      gaps[j] = gap + scoreErrors[j] + largestScoreError;
      double largestLocalLse = Math.max(Math.abs(scores[j]) + scoreErrors[j], largestLse);
      double localLseError = merges ? largestLocalLse + 2 * StrictMath.log(tokens) : 0;
      tau[j] = scoreErrors[j] + UNIT * (2 * gaps[j] + localLseError + 8);
      smallestSum += StrictMath.exp(-gap - tau[j]);
    }

    weights = new double[tokens];
    largestWeights = new double[tokens];
    weightChanges = new double[tokens];
    double sumOfChanges = 0;
    double meanGap = 0;
    for (int j = 0; j < tokens; j++) {
      double gap = Math.max(0, lse - scores[j]);
      weights[j] = StrictMath.exp(-gap);
      double largest = StrictMath.exp(tau[j] - gap);
      largestWeights[j] = largest / smallestSum;
      // For a large τ the weight may have underflowed although its greatest possible value has not.
      double change = tau[j] < 1 ? weights[j] * StrictMath.expm1(tau[j]) : largest - weights[j];
      weightChanges[j] = change / smallestSum;
      sumOfChanges += weightChanges[j];
      meanGap += largestWeights[j] * gaps[j];
    }
    totalChange = sumOfChanges;

    double sums = 2 * gamma(tokens) + gamma(tokens / 16 + 4L * smallTiles) + gamma(shards);
    numeratorErrors = new double[tokens];
    for (int j = 0; j < tokens; j++) {
      numeratorErrors[j] = sums + UNIT * (gaps[j] + 8);
    }
    double mergedLseError = merges ? largestLse + 2 * StrictMath.log(shards) : 0;
    denominatorError = sums + UNIT * (meanGap + mergedLseError + 8);
  }

  /** One component of the head's output, Σ pⱼvⱼ, from the {@code values} that {@link #of} takes. */
  double output(double[] values) {
    double output = 0;
    for (int j = 0; j < values.length; j++) {
      output += weights[j] * values[j];
    }
    return output;
  }

  /**
   * The bound of one component of the head's output.
   *
   * @param values this component of vⱼ, {@code [tokens]}
   * @param valueErrors e_vⱼ, {@code [tokens]}
   */
  double of(double[] values, double[] valueErrors) {
    double[] magnitudes = new double[values.length];
    for (int j = 0; j < values.length; j++) {
      magnitudes[j] = Math.abs(values[j]) + valueErrors[j];
    }
    return of(values, valueErrors, magnitudes, 0);
  }

  /**
   * The bound where the second program adds up something else than the values, and makes the values
   * afterwards by a linear map L. Its errors in the numerator are then relative to |L| times the
   * magnitude of what it added up.
   *
   * @param magnitudes at least |vⱼ| + e_vⱼ, and at least |L||cⱼ′| if vⱼ = L·cⱼ; {@code [tokens]}
   * @param mapError the error of applying L, relative to these magnitudes
   */
  double of(double[] values, double[] valueErrors, double[] magnitudes, double mapError) {
    double output = output(values);
    double shared = 0;
    double numerator = 0;
    double fromValues = 0;
    double underflow = shards + values.length * (1 + Math.abs(output));
    for (int j = 0; j < values.length; j++) {
      double largestValue = magnitudes[j];
      shared += weightChanges[j] * Math.abs(values[j] - output);
      numerator += largestWeights[j] * (numeratorErrors[j] + mapError) * largestValue;
      fromValues += largestWeights[j] * valueErrors[j];
      underflow += largestValue;
    }
    // |vⱼ − o| above is itself rounded; (1 + totalChange) covers this where the changes are large.
    double error = shared + fromValues + (1 + totalChange) * numerator;
    double denominator = (1 + totalChange) * denominatorError * (Math.abs(output) + error);
    return SLACK * (error + denominator + 4 * UNDERFLOW * underflow);
  }

  private static double logSumExp(double[] scores) {
    double max = Double.NEGATIVE_INFINITY;
    for (double score : scores) {
      max = Math.max(max, score);
    }
    double sum = 0;
    for (double score : scores) {
      sum += StrictMath.exp(score - max);
    }
    return max + StrictMath.log(sum);
  }
}
