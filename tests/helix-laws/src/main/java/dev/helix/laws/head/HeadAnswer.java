package dev.helix.laws.head;

/** The logits and the chosen words that a head under test returns. */
public final class HeadAnswer {
  private final double[] logits;
  private final int[] chosen;

  /**
   * @param logits {@code [rows, vocabulary]}, gathered and without padding; empty if they are not
   *     returned
   * @param chosen {@code [rows]}: the word with the greatest logit, and the lowest such word if
   *     several are equal
   */
  public HeadAnswer(double[] logits, int[] chosen) {
    this.logits = logits.clone();
    this.chosen = chosen.clone();
  }

  double[] logits() {
    return logits;
  }

  int[] chosen() {
    return chosen;
  }
}
