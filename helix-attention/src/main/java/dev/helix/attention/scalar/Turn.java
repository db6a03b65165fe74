package dev.helix.attention.scalar;

import dev.helix.attention.rotary.RotaryEmbedding;
import dev.helix.attention.rotary.RotaryPairing;
import dev.helix.tensor.scalar.Arithmetic;
import dev.helix.tensor.scalar.ScalarTensor;
import java.util.Arrays;
import java.util.List;

/**
 * Rotates heads by the angles of one position: (a, b) → (a·cos − b·sin, b·cos + a·sin) for each
 * pair.
 */
final class Turn<S> {
  private final Arithmetic<S> arithmetic;
  private final List<S> cosines;
  private final List<S> sines;
  private final RotaryPairing pairing;

  Turn(Arithmetic<S> arithmetic, RotaryEmbedding rotary, RotaryPairing pairing, int position) {
    this.arithmetic = arithmetic;
    this.pairing = pairing;
    this.cosines = Arrays.stream(rotary.cosines(position)).mapToObj(arithmetic::of).toList();
    this.sines = Arrays.stream(rotary.sines(position)).mapToObj(arithmetic::of).toList();
  }

  /** Rotates the head that begins at element {@code source} of {@code from}. */
  void apply(ScalarTensor<S> from, int source, ScalarTensor<S> to, int target) {
    int half = cosines.size();
    for (int i = 0; i < half; i++) {
      int firstAt = pairing.first(i);
      int secondAt = pairing.second(i, half);
      S a = from.get(source + firstAt);
      S b = from.get(source + secondAt);
      S cosine = cosines.get(i);
      S sine = sines.get(i);
      S first = arithmetic.subtract(arithmetic.multiply(a, cosine), arithmetic.multiply(b, sine));
      S second = arithmetic.add(arithmetic.multiply(b, cosine), arithmetic.multiply(a, sine));
      to.set(target + firstAt, first);
      to.set(target + secondAt, second);
    }
  }
}
