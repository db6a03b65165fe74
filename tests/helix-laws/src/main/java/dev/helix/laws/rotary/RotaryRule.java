package dev.helix.laws.rotary;

/**
 * The rotary position embedding of a layer (RoFormer, arXiv 2104.09864): of the first {@code dims}
 * components of each query and key, pair i turns by position · φᵢ, with φᵢ = θ<sup>−2i/dims</sup>
 * changed as the scaling says. The components behind them stay as they are.
 *
 * @param theta the base θ, above 1
 * @param dims how many components turn; even, at least 2
 * @param pairing which two components are a pair
 * @param scaling how frequencies and magnitudes are changed for long contexts
 */
public record RotaryRule(double theta, int dims, Pairing pairing, RotaryScaling scaling) {
  /** Says which two components form pair i of the dims/2 pairs. */
  public enum Pairing {
    /** i and i + dims/2. */
    HALVES,
    /** Components 2i and 2i + 1 are pair i. */
    NEIGHBOURS
  }

  public RotaryRule {
    if (!(theta > 1) || Double.isInfinite(theta) || dims < 2 || dims % 2 != 0) {
      throw new IllegalArgumentException(
          "a rotary rule turns an even number of components by a base above 1, got %d by %s"
              .formatted(dims, theta));
    }
  }

  /** Number of pairs, dims / 2. */
  public int pairs() {
    return dims / 2;
  }

  /** The first component of pair i. */
  public int first(int i) {
    return pairing == Pairing.HALVES ? i : 2 * i;
  }

  /** The second component of pair i. */
  public int second(int i) {
    return pairing == Pairing.HALVES ? i + pairs() : 2 * i + 1;
  }

  @Override
  public String toString() {
    return "rotary embedding of %d components in %s by θ = %s, %s"
        .formatted(dims, pairing == Pairing.HALVES ? "halves" : "neighbours", theta, scaling);
  }
}
