package dev.helix.attention.exact;

import dev.helix.attention.rotary.RotaryEmbedding;
import dev.helix.attention.rotary.RotaryPairing;

/**
 * Rotates the pairs of a rotary part by the angles of one position: (a, b) → (a·cos − b·sin, b·cos
 * + a·sin).
 */
final class Turn {
  private final RotaryPairing pairing;
  private final double[] cosines;
  private final double[] sines;

  Turn(RotaryEmbedding rotary, RotaryPairing pairing, int position) {
    this.pairing = pairing;
    this.cosines = rotary.cosines(position);
    this.sines = rotary.sines(position);
  }

  /** Rotates the part that begins at {@code source}; its components keep their order. */
  void apply(double[] from, int source, double[] to, int target) {
    int pairs = cosines.length;
    for (int i = 0; i < pairs; i++) {
      int first = pairing.first(i);
      int second = pairing.second(i, pairs);
      double a = from[source + first];
      double b = from[source + second];
      to[target + first] = a * cosines[i] - b * sines[i];
      to[target + second] = b * cosines[i] + a * sines[i];
    }
  }
}
