package dev.helix.attention.bounds;

import static dev.helix.tensor.compare.Rounding.ONE_ULP;
import static dev.helix.tensor.compare.Rounding.SLACK;
import static dev.helix.tensor.compare.Rounding.UNDERFLOW;
import static dev.helix.tensor.compare.Rounding.UNIT;
import static dev.helix.tensor.compare.Rounding.gamma;

import dev.helix.attention.baseline.RotaryFormula;
import dev.helix.attention.rotary.RopeParameters;
import dev.helix.attention.rotary.RopeParameters.Llama3Scaling;

/**
 * Bounds how far the rotated heads of two programs can differ.
 *
 * <p>The bound assumes that both programs compute θ<sup>−2i/d</sup> by a power (or its reciprocal),
 * with an error of at most {@value #FREQUENCY_ROUNDINGS} u. The rounding of the exponent adds
 * u·(2i/d)·ln θ, unless d is a power of two. Programs may not go through exp and log, whose error
 * would be ln θ times as large. Then, with φ the frequency, ε its relative error and p the
 * position:
 *
 * <pre>
 * angle    |Δ| ≤ p·φ·(ε + u)                 none for φ = 1, i.e. i = 0
 * cos      |Δcos| ≤ |Δ| + 2u|cos|            sin alike; evaluated within 1 ulp
 * rotated  |Δ(a·cos − b·sin)| ≤ |cos|e_a + |sin|e_b + 2·γ₂(â|cos| + b̂|sin|) + 2(â|Δcos| + b̂|Δsin|)
 * </pre>
 *
 * YaRN's factor on cosines and sines multiplies all of these, and adds {@value
 * #AMPLITUDE_ROUNDINGS} u to the error of each cosine and sine for its own evaluation and the
 * product.
 *
 * <p>where e is the bound of the two programs' difference before the turn, â = |a| + e_a, and each
 * 2 stands for the two programs.
 */
final class RotaryErrorBound {
  private static final int FREQUENCY_ROUNDINGS = 4;

  /**
   * Counts two logarithms (1 ulp = 2u each), four products, two sums, the quotient, and the product
   * with cos.
   */
  private static final int AMPLITUDE_ROUNDINGS = 12;

  /**
   * The relative margin within which a program may take the other branch of Llama 3.1's scaling.
   */
  private static final double BRANCH_MARGIN = 1e-12;

  private final RotaryFormula rotary;
  private final int headDim;
  private final double[] frequencyErrors;
  private final double amplitude;
  private final double amplitudeError;

  RotaryErrorBound(RotaryFormula rotary, RopeParameters parameters, int headDim) {
    this.rotary = rotary;
    this.headDim = headDim;
    this.frequencyErrors = new double[headDim / 2];
    for (int i = 0; i < frequencyErrors.length; i++) {
      double unscaledError = powerError(parameters.theta(), i);
      double unscaled = StrictMath.pow(parameters.theta(), -2.0 * i / headDim);
      double scaled = rotary.frequency(i);
      frequencyErrors[i] =
          parameters
              .llama3()
              .map(scaling -> scalingError(scaling, unscaled, scaled, unscaledError))
              .or(() -> parameters.yarn().map(yarn -> yarnError(unscaled, scaled, unscaledError)))
              .orElse(unscaledError);
    }
    this.amplitude = rotary.amplitude();
    this.amplitudeError = parameters.yarn().isPresent() ? AMPLITUDE_ROUNDINGS * UNIT : 0;
  }

  /**
   * The bound after the rotation.
   *
   * @param heads {@code [n·headDim]} before the rotation
   * @param error {@code [n·headDim]}, the bound before the rotation
   * @return {@code [n·headDim]}
   */
  double[] of(double[] heads, double[] error, int position) {
    double[] bound = new double[heads.length];
    for (int i = 0; i < headDim / 2; i++) {
      double angle = position * rotary.frequency(i);
      double cos = amplitude * Math.abs(StrictMath.cos(angle));
      double sin = amplitude * Math.abs(StrictMath.sin(angle));
      double angleError = frequencyErrors[i] == 0 ? 0 : angle * (frequencyErrors[i] + UNIT);
      double turnError = amplitude * Math.min(2, angleError);
      double cosError = turnError + (ONE_ULP + amplitudeError) * cos;
      double sinError = turnError + (ONE_ULP + amplitudeError) * sin;
      for (int head = 0; head < heads.length; head += headDim) {
        int a = head + i;
        int b = head + i + headDim / 2;
        double largestA = Math.abs(heads[a]) + error[a];
        double largestB = Math.abs(heads[b]) + error[b];
        double perCos = 2 * (gamma(2) * cos + cosError);
        double perSin = 2 * (gamma(2) * sin + sinError);
        bound[a] =
            SLACK
                * (cos * error[a]
                    + sin * error[b]
                    + perCos * largestA
                    + perSin * largestB
                    + 4 * UNDERFLOW);
        bound[b] =
            SLACK
                * (cos * error[b]
                    + sin * error[a]
                    + perCos * largestB
                    + perSin * largestA
                    + 4 * UNDERFLOW);
      }
    }
    return bound;
  }

  /** The relative error of θ^(−2i/d). */
  private double powerError(double theta, int i) {
    if (i == 0) {
      return 0;
    }
    boolean exponentIsExact = Integer.bitCount(headDim) == 1;
    double exponentError =
        exponentIsExact ? 0 : UNIT * 2.0 * i / headDim * Math.abs(StrictMath.log(theta));
    return FREQUENCY_ROUNDINGS * UNIT + exponentError;
  }

  /**
   * The relative error of a frequency after YaRN's scaling. Its low and high are whole numbers,
   * which are taken to be the same in both programs. The ramp and 1 − ramp are off by at most 3u,
   * the three products and the quotient by factor by u each, and the sum of positive terms by u:
   *
   * <pre>|Δφ′|/φ′ ≤ ε + 5u + 3u·φ/φ′</pre>
   */
  private static double yarnError(double unscaled, double scaled, double error) {
    return error + 5 * UNIT + 3 * UNIT * Math.max(1, unscaled / scaled);
  }

  /**
   * The relative error of a frequency after Llama 3.1's scaling. In the interpolated band, with r =
   * context / λ:
   *
   * <pre>
   * |Δt| ≤ (ε + 3u)·r / (high − low) + 3u       2π, two divisions; the difference and its division
   * |Δφ′|/φ′ ≤ ε + 5u + |Δt|·|1 − 1/factor|·φ/φ′
   * </pre>
   *
   * φ′ is a continuous function of r, so the same holds where the programs take different branches
   * next to an edge of the band.
   */
  private static double scalingError(
      Llama3Scaling scaling, double unscaled, double scaled, double error) {
    double ratio = scaling.originalContext() * unscaled / (2 * Math.PI);
    double low = scaling.lowFrequencyFactor();
    double high = scaling.highFrequencyFactor();
    if (ratio > high * (1 + BRANCH_MARGIN)) {
      return error;
    }
    if (ratio < low * (1 - BRANCH_MARGIN)) {
      return error + UNIT;
    }
    double tError = (error + 3 * UNIT) * ratio / (high - low) + 3 * UNIT;
    return error
        + 5 * UNIT
        + tError * Math.abs(1 - 1 / scaling.factor()) * Math.max(1, unscaled / scaled);
  }
}
