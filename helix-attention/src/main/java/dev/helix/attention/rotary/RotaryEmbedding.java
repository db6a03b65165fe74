package dev.helix.attention.rotary;

import dev.helix.attention.rotary.RopeParameters.Llama3Scaling;

/**
 * The turning of queries and keys by their global position (RoFormer, arXiv 2104.09864, in the
 * half-split pairing of the Llama family). Angles and their functions come from {@link StrictMath},
 * so that a rank computes the bits that any other would, on any machine.
 */
public final class RotaryEmbedding {
  private final double[] frequencies;

  /**
   * @param headDim components of a head, even
   * @throws IllegalArgumentException if the head is no whole number of pairs
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
  }

  /** Number of pairs, half the head size. */
  public int pairs() {
    return frequencies.length;
  }

  /** Cosines of the angles of all pairs at {@code position}. */
  public double[] cosines(int position) {
    double[] cosines = new double[frequencies.length];
    for (int i = 0; i < cosines.length; i++) {
      cosines[i] = StrictMath.cos(position * frequencies[i]);
    }
    return cosines;
  }

  /** Sines of the angles of all pairs at {@code position}. */
  public double[] sines(int position) {
    double[] sines = new double[frequencies.length];
    for (int i = 0; i < sines.length; i++) {
      sines[i] = StrictMath.sin(position * frequencies[i]);
    }
    return sines;
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
