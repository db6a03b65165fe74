package dev.helix.runtime.definition;

import dev.helix.attention.rotary.RotaryEmbedding;
import dev.helix.attention.rotary.RotaryPairing;

/** Defines the rotary embedding of one head or rotary part. */
final class Rotation {
  private Rotation() {}

  /** Rotates each pair: (a, b) → (a·cos − b·sin, b·cos + a·sin), with every operation rounded. */
  static double[] turned(
      double[] part, RotaryEmbedding rotary, RotaryPairing pairing, int position) {
    double[] cosines = rotary.cosines(position);
    double[] sines = rotary.sines(position);
    double[] turned = new double[part.length];
    for (int i = 0; i < cosines.length; i++) {
      int first = pairing.first(i);
      int second = pairing.second(i, cosines.length);
      turned[first] = part[first] * cosines[i] - part[second] * sines[i];
      turned[second] = part[second] * cosines[i] + part[first] * sines[i];
    }
    return turned;
  }
}
