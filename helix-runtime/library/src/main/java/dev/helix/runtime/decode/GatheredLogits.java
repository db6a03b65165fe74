package dev.helix.runtime.decode;

import java.util.Arrays;

/**
 * The logits of some rows as a head leaves them, gathered from shards of equal size. Behind the end
 * of the vocabulary a row has the logits of the zero rows that pad the head's weight.
 */
public final class GatheredLogits {
  private final double[] padded;
  private final int width;
  private final int vocabulary;

  /**
   * The array is kept, not copied.
   *
   * @param padded row-major, {@code [rows, at least vocabulary]}
   * @param vocabulary the words that the model knows
   * @throws IllegalArgumentException if the rows are not of one length, or shorter than the
   *     vocabulary
   */
  public GatheredLogits(double[] padded, int rows, int vocabulary) {
    if (rows > 0 && (padded.length % rows != 0 || padded.length / rows < vocabulary)) {
      throw new IllegalArgumentException(
          "%d logits are not %d rows of a vocabulary of %d"
              .formatted(padded.length, rows, vocabulary));
    }
    this.padded = padded;
    this.width = rows == 0 ? 0 : padded.length / rows;
    this.vocabulary = vocabulary;
  }

  /** One row without its padding, {@code [vocabulary]}. */
  public double[] row(int row) {
    return Arrays.copyOfRange(padded, row * width, row * width + vocabulary);
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
