package dev.helix.attention.baseline;

import dev.helix.attention.ScoreRule;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Computes the scores of the baseline by the formula of {@link ScoreRule}, independently of the
 * kernels.
 */
public final class ScoreFormula {
  private final Optional<ScoreRule> rule;
  private final double root;

  /** The textbook's scores: q·k / √headDim, and nothing else. */
  public static ScoreFormula textbook(int headDim) {
    return new ScoreFormula(Optional.empty(), headDim);
  }

  public static ScoreFormula of(ScoreRule rule) {
    return new ScoreFormula(Optional.of(rule), 1);
  }

  private ScoreFormula(Optional<ScoreRule> rule, int headDim) {
    this.rule = rule;
    this.root = Math.sqrt(headDim);
  }

  /** Multiplies a product, or the magnitude of its error, with the scale. */
  public double scaled(double product) {
    return rule.map(given -> given.scale() * product).orElseGet(() -> product / root);
  }

  /**
   * The score for a product q·k.
   *
   * @param distance how many positions before the query the token is
   */
  public double of(double product, int head, int distance) {
    double score = scaled(product);
    if (softCap().isPresent()) {
      double cap = softCap().getAsDouble();
      score = StrictMath.tanh(score / cap) * cap;
    }
    return score - bias(head, distance);
  }

  /** The sink of a head, if it has one. */
  public OptionalDouble sink(int head) {
    double sink = rule.map(given -> given.sink(head)).orElse(Double.NEGATIVE_INFINITY);
    return sink == Double.NEGATIVE_INFINITY ? OptionalDouble.empty() : OptionalDouble.of(sink);
  }

  /** The first position that a query sees which is the last of {@code tokens} tokens. */
  public int firstVisible(int tokens) {
    return isWindowed() ? Math.max(0, tokens - rule.get().window().getAsInt()) : 0;
  }

  public boolean isWindowed() {
    return rule.isPresent() && rule.get().window().isPresent();
  }

  /** The bound c of the soft cap, if there is one. */
  public OptionalDouble softCap() {
    return rule.map(ScoreRule::softCap).orElse(OptionalDouble.empty());
  }

  /** How much a score loses because of its token's distance (ALiBi). */
  public double bias(int head, int distance) {
    return rule.filter(given -> !given.alibiSlopes().isEmpty())
        .map(given -> distance * given.alibiSlopes().get(head))
        .orElse(0.0);
  }
}
