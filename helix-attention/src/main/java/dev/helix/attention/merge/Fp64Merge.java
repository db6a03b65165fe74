package dev.helix.attention.merge;

import java.util.Arrays;

/**
 * The merge of the {@code fp64} reading, in double precision (Helix Parallelism §2.1): with M = max
 * LSEᵢ and wᵢ = exp(LSEᵢ − M), O = Σ wᵢ·Oᵢ / Σ wᵢ, which is Σ exp(LSEᵢ − LSE)·Oᵢ for LSE = ln Σ
 * exp(LSEᵢ). No exponential overflows, because no exponent is above 0.
 *
 * <p>On paper the merge is associative and commutative, a part without tokens, (0, −∞), is its
 * identity, and the result lies in the hull of the parts' outputs. In doubles each of these holds
 * up to rounding, except for the identity: an empty part changes no bit, whatever it holds as its
 * output. With a single part the result is that part's output, bit for bit. The parts are added in
 * their order, so that a run repeats bit for bit.
 */
public final class Fp64Merge {
  private Fp64Merge() {}

  /**
   * Merges the parts of one head of one row.
   *
   * @param lses {@code [shards]}: LSEᵢ of each part; −∞ for a part without tokens
   * @param outputs {@code [shards, headDim]}, row-major: Oᵢ of each part, normalised over the part
   * @param merged {@code [headDim]}, receives the result; zeros if no part has tokens
   * @throws IllegalArgumentException if there are not as many outputs as parts
   */
  public static void mergeByLse(double[] lses, double[] outputs, double[] merged) {
    if (outputs.length != lses.length * merged.length) {
      throw new IllegalArgumentException(
          "mergeByLse: expected %d outputs of %d components, got %d numbers"
              .formatted(lses.length, merged.length, outputs.length));
    }
    double greatest = Double.NEGATIVE_INFINITY;
    for (double lse : lses) {
      greatest = Math.max(greatest, lse);
    }
    Arrays.fill(merged, 0.0);
    if (greatest == Double.NEGATIVE_INFINITY) {
      return;
    }
    double total = 0;
    for (int part = 0; part < lses.length; part++) {
      if (lses[part] == Double.NEGATIVE_INFINITY) {
        // A part without tokens is skipped: 0 · output would be NaN for an output of NaN or
        // infinity.
        continue;
      }
      double weight = Math.exp(lses[part] - greatest);
      total += weight;
      for (int i = 0; i < merged.length; i++) {
        merged[i] += weight * outputs[part * merged.length + i];
      }
    }
    for (int i = 0; i < merged.length; i++) {
      merged[i] /= total;
    }
  }
}
