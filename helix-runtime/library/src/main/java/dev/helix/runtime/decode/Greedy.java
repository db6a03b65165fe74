package dev.helix.runtime.decode;

/** Chooses the most likely token. */
final class Greedy {
  private Greedy() {}

  /**
   * The index of the greatest logit. It is the lowest index of several equal ones, so that all
   * ranks choose alike.
   *
   * @throws ArithmeticException if a logit is NaN or infinite
   */
  static int choose(double[] logits) {
    int best = 0;
    for (int i = 0; i < logits.length; i++) {
      if (!Double.isFinite(logits[i])) {
        throw new ArithmeticException("the logit of token " + i + " is " + logits[i]);
      }
      if (logits[i] > logits[best]) {
        best = i;
      }
    }
    return best;
  }
}
