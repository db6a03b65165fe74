package dev.helix.attention;

/**
 * How a layer makes scores of the products of queries and keys.
 *
 * @param scale by which q·k is multiplied
 */
public record ScoreRule(double scale) {
  public ScoreRule {
    if (!Double.isFinite(scale)) {
      throw new IllegalArgumentException("scale of scores is " + scale + ", expected a number");
    }
  }

  /** Scores that are products with a scale and nothing else. */
  public static ScoreRule ofScale(double scale) {
    return new ScoreRule(scale);
  }
}
