package dev.helix.attention.baseline;

import dev.helix.attention.rotary.RopeParameters;
import dev.helix.attention.rotary.RopeParameters.Llama3Scaling;
import dev.helix.attention.rotary.YarnScaling;

/**
 * The rotary position embedding, computed from its formula (J. Su et al., RoFormer, arXiv
 * 2104.09864, §3.4) in the half-split form of the Llama family: the pair (xᵢ, xᵢ₊d/2) is rotated by
 * position · θ<sup>−2i/d</sup>.
 */
public final class RotaryFormula {
  private final int headDim;
  private final double[] frequencies;
  private final double amplitude;

  public RotaryFormula(RopeParameters parameters, int headDim) {
    this.headDim = headDim;
    this.frequencies = new double[headDim / 2];
    for (int i = 0; i < frequencies.length; i++) {
      double frequency = StrictMath.pow(parameters.theta(), -2.0 * i / headDim);
      frequencies[i] =
          parameters.llama3().map(scaling -> scaled(frequency, scaling)).orElse(frequency);
    }
    if (parameters.yarn().isPresent()) {
      YarnScaling yarn = parameters.yarn().get();
      interpolate(parameters.theta(), yarn);
      amplitude = yarnMagnitude(yarn, yarn.mscale()) / yarnMagnitude(yarn, yarn.mscaleAllDim());
    } else {
      amplitude = 1;
    }
  }

  /**
   * Rotates every head by its angles at {@code position}.
   *
   * @param heads {@code [n·headDim]} for any number n of heads; not changed
   * @return {@code [n·headDim]}
   */
  public double[] rotated(double[] heads, int position) {
    double[] turned = new double[heads.length];
    for (int head = 0; head < heads.length; head += headDim) {
      for (int i = 0; i < headDim / 2; i++) {
        double angle = position * frequencies[i];
        double cos = StrictMath.cos(angle) * amplitude;
        double sin = StrictMath.sin(angle) * amplitude;
        double a = heads[head + i];
        double b = heads[head + i + headDim / 2];
        turned[head + i] = a * cos - b * sin;
        turned[head + i + headDim / 2] = b * cos + a * sin;
      }
    }
    return turned;
  }

  /** The angle by which pair i rotates from one position to the next, in radians. */
  public double frequency(int i) {
    return frequencies[i];
  }

  /** The factor that YaRN puts on cosines and sines; 1 without YaRN. */
  public double amplitude() {
    return amplitude;
  }

  /** The function that DeepSeek's code calls {@code yarn_get_mscale}. */
  public static double yarnMagnitude(YarnScaling yarn, double mscale) {
    return yarn.factor() > 1 ? 0.1 * mscale * StrictMath.log(yarn.factor()) + 1 : 1;
  }

  /** Changes the frequencies by the formula of {@link YarnScaling}. */
  private void interpolate(double theta, YarnScaling yarn) {
    double low = Math.max(0, Math.floor(correction(yarn.betaFast(), theta, yarn)));
    double high = Math.min(headDim - 1, Math.ceil(correction(yarn.betaSlow(), theta, yarn)));
    if (low == high) {
      high += 0.001;
    }
    for (int i = 0; i < frequencies.length; i++) {
      double extrapolated = frequencies[i];
      double interpolated = frequencies[i] / yarn.factor();
      double mask = 1 - Math.max(0, Math.min(1, (i - low) / (high - low)));
      frequencies[i] = interpolated * (1 - mask) + extrapolated * mask;
    }
  }

  private double correction(double turns, double theta, YarnScaling yarn) {
    return headDim
        * StrictMath.log(yarn.originalContext() / (turns * 2 * StrictMath.PI))
        / (2 * StrictMath.log(theta));
  }

  /** Changes a frequency by the formula of {@link Llama3Scaling}. */
  private static double scaled(double frequency, Llama3Scaling scaling) {
    double wavelength = 2 * StrictMath.PI / frequency;
    double context = scaling.originalContext();
    if (wavelength < context / scaling.highFrequencyFactor()) {
      return frequency;
    }
    if (wavelength > context / scaling.lowFrequencyFactor()) {
      return frequency / scaling.factor();
    }
    double t =
        (context / wavelength - scaling.lowFrequencyFactor())
            / (scaling.highFrequencyFactor() - scaling.lowFrequencyFactor());
    return (1 - t) * frequency / scaling.factor() + t * frequency;
  }
}
