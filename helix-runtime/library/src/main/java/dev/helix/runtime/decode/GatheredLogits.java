package dev.helix.runtime.decode;

import java.util.Arrays;

/**
 * The logits of some rows, as a head gathers them from shards of equal size. Behind the
 * vocabulary's end a row has the logits that rows of zeros in the head's weight give.
 *
 * @param padded row-major, {@code [rows, at least vocabulary]}
 * @param rows number of rows
 * @param vocabulary number of tokens that the model knows
 */
public record GatheredLogits(double[] padded, int rows, int vocabulary) {
  /**
   * @throws IllegalArgumentException if the rows are not of one length, or shorter than the
   *     vocabulary
   */
  public GatheredLogits {
    if (rows > 0 && (padded.length % rows != 0 || padded.length / rows < vocabulary)) {
      throw new IllegalArgumentException(
          "%d logits are not %d rows of a vocabulary of %d"
              .formatted(padded.length, rows, vocabulary));
    }
  }

  /** One row without its padding, {@code [vocabulary]}. */
  public double[] row(int row) {
    int from = row * (padded.length / rows);
    return Arrays.copyOfRange(padded, from, from + vocabulary);
  }

  /**
   * The token that greedy decoding chooses in a row.
   *
   * @throws ArithmeticException if a logit of the vocabulary is NaN or infinite
   */
  public int greedy(int row) {
    return Greedy.choose(row(row));
  }
}
