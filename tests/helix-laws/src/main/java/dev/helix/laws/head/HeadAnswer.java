package dev.helix.laws.head;

/** A head's answer. */
public final class HeadAnswer {
  private final double[] logits;
  private final int[] chosen;

  /**
   * @param logits {@code [rows, vocabulary]}, gathered and without padding; empty if they are not
   *     returned
   * @param chosen {@code [rows]}: the word of the greatest logit, of equals the lowest
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
