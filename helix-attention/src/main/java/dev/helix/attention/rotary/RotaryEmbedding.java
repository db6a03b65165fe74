package dev.helix.attention.rotary;

import dev.helix.attention.rotary.RopeParameters.Llama3Scaling;

/**
 * Computes the cosines and sines with which queries and keys are rotated by their global position
 * (RoFormer, arXiv 2104.09864). They come from {@link StrictMath}, so that every rank computes the
 * same bits, on any machine.
 */
public final class RotaryEmbedding {
  private final double[] frequencies;
  private final double amplitude;

  /**
   * Creates the embedding of heads of one size.
   *
   * @param headDim how many components of a head are rotated: all of them, or its rotary part; even
   * @throws IllegalArgumentException if the number is not even, or below 2
   */
  public RotaryEmbedding(RopeParameters parameters, int headDim) {
    if (headDim < 2 || headDim % 2 != 0) {
      throw new IllegalArgumentException(
          "rotary embedding: head size must be even and at least 2, got " + headDim);
    }
    frequencies = new double[headDim / 2];
    for (int i = 0; i < frequencies.length; i++) {
      double frequency = 1.0 / StrictMath.pow(parameters.theta(), 2.0 * i / headDim);
      frequencies[i] = parameters.llama3().map(s -> stretched(frequency, s)).orElse(frequency);
    }
    parameters.yarn().ifPresent(scaling -> stretch(parameters.theta(), headDim, scaling));
    amplitude = parameters.yarn().map(RotaryEmbedding::amplitude).orElse(1.0);
  }

  /**
   * The factor that YaRN puts on scores in DeepSeek's attention: m(mscaleAllDim)², or 1 without
   * YaRN.
   */
  public static double scoreFactor(RopeParameters parameters) {
    double m = parameters.yarn().map(s -> magnitude(s, s.mscaleAllDim())).orElse(1.0);
    return m * m;
  }

  /** Number of pairs, half the head size. */
  public int pairs() {
    return frequencies.length;
  }

  /**
   * The cosines of the angles of all pairs at {@code position}, times YaRN's factor if there is
   * one.
   */
  public double[] cosines(int position) {
    double[] cosines = new double[frequencies.length];
    for (int i = 0; i < cosines.length; i++) {
      cosines[i] = amplitude * StrictMath.cos(position * frequencies[i]);
    }
    return cosines;
  }

  /**
   * The sines of the angles of all pairs at {@code position}, times YaRN's factor if there is one.
   */
  public double[] sines(int position) {
    double[] sines = new double[frequencies.length];
    for (int i = 0; i < sines.length; i++) {
      sines[i] = amplitude * StrictMath.sin(position * frequencies[i]);
    }
    return sines;
  }

  private void stretch(double theta, int dim, YarnScaling scaling) {
    double low = Math.max(Math.floor(turningPair(scaling.betaFast(), dim, theta, scaling)), 0);
    double high =
        Math.min(Math.ceil(turningPair(scaling.betaSlow(), dim, theta, scaling)), dim - 1);
    double width = low == high ? 0.001 : high - low;
    for (int i = 0; i < frequencies.length; i++) {
      double ramp = Math.min(1, Math.max(0, (i - low) / width));
      frequencies[i] = frequencies[i] / scaling.factor() * ramp + frequencies[i] * (1 - ramp);
    }
  }

  /**
   * The (fractional) index of the pair that rotates {@code turns} times in the original context.
   */
  private static double turningPair(double turns, int dim, double theta, YarnScaling scaling) {
    double context = scaling.originalContext();
    return dim * StrictMath.log(context / (turns * 2 * Math.PI)) / (2 * StrictMath.log(theta));
  }

  private static double amplitude(YarnScaling scaling) {
    return magnitude(scaling, scaling.mscale()) / magnitude(scaling, scaling.mscaleAllDim());
  }

  private static double magnitude(YarnScaling scaling, double mscale) {
    return 0.1 * mscale * StrictMath.log(scaling.factor()) + 1;
  }

  private static double stretched(double frequency, Llama3Scaling scaling) {
    double wavelength = 2 * Math.PI / frequency;
    if (wavelength < scaling.originalContext() / scaling.highFrequencyFactor()) {
      return frequency;
    }
    if (wavelength > scaling.originalContext() / scaling.lowFrequencyFactor()) {
      return frequency / scaling.factor();
    }
    double smooth =
        (scaling.originalContext() / wavelength - scaling.lowFrequencyFactor())
            / (scaling.highFrequencyFactor() - scaling.lowFrequencyFactor());
    return (1 - smooth) * frequency / scaling.factor() + smooth * frequency;
  }
}
