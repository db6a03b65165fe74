package dev.helix.attention.baseline;

import static dev.helix.tensor.compare.Rounding.SLACK;
import static dev.helix.tensor.compare.Rounding.UNDERFLOW;
import static dev.helix.tensor.compare.Rounding.UNIT;

import dev.helix.attention.ScoreRule;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * The scores of the baseline, and by how much a careful program's may differ from them. {@link
 * ScoreRule} has the formula, this is an implementation of its own.
 *
 * <p><b>Errors.</b> Let e bound the difference of the two programs' scaled products x. Then
 *
 * <ul>
 *   <li>soft cap, s = c·tanh(x/c): its derivative is at most 1, so that e passes undiminished. Each
 *       program rounds the quotient, which costs |x|·sech²(x/c)·u ≤ |s|u since y·sech²y ≤ tanh y;
 *       the tangent, within 2.5 ulp and so 5u of itself; and the product: together 7u|s|, and
 *       14u(|s| + e) for both. Quotients and tangents that underflow cost c·2<sup>−1074</sup> each.
 *   <li>ALiBi, s − b: each program rounds the product b and the difference, 2u(|b| + |s − b| + e)
 *       for both; and u(|s − b| + e) is for a program that splits the exponent of exp(s) before it
 *       subtracts, since a score may now be larger than the products that it is made of.
 *   <li>A sink is given: only such a program rounds it, u|sink|.
 * </ul>
 */
final class ScoreFormula {
  private final Optional<ScoreRule> rule;
  private final double root;

  /** The textbook's: q·k / √headDim, and nothing else. */
  static ScoreFormula textbook(int headDim) {
    return new ScoreFormula(Optional.empty(), headDim);
  }

  static ScoreFormula of(ScoreRule rule) {
    return new ScoreFormula(Optional.of(rule), 1);
  }

  private ScoreFormula(Optional<ScoreRule> rule, int headDim) {
    this.rule = rule;
    this.root = Math.sqrt(headDim);
  }

  /** A product, or the magnitude of an error of one, times the scale. */
  double scaled(double product) {
    return rule.map(given -> given.scale() * product).orElseGet(() -> product / root);
  }

  /**
   * The score of a product.
   *
   * @param distance how many positions before the query the token is
   */
  double of(double product, int head, int distance) {
    double score = scaled(product);
    if (softCap().isPresent()) {
      double cap = softCap().getAsDouble();
      score = StrictMath.tanh(score / cap) * cap;
    }
    return score - bias(head, distance);
  }

  /**
   * The bound of a score's difference.
   *
   * @param scaledError e, ≥ 0
   */
  double error(double product, double scaledError, int head, int distance) {
    double error = scaledError;
    if (softCap().isPresent()) {
      double cap = softCap().getAsDouble();
      double capped = Math.abs(StrictMath.tanh(scaled(product) / cap) * cap);
      error += SLACK * 14 * UNIT * (capped + error) + 4 * (1 + cap) * UNDERFLOW;
    }
    double bias = Math.abs(bias(head, distance));
    if (bias > 0) {
      double score = Math.abs(of(product, head, distance));
      error += SLACK * UNIT * (2 * bias + 3 * (score + error)) + 4 * UNDERFLOW;
    }
    return error;
  }

  /** A head's sink, if it has one. */
  OptionalDouble sink(int head) {
    double sink = rule.map(given -> given.sink(head)).orElse(Double.NEGATIVE_INFINITY);
    return sink == Double.NEGATIVE_INFINITY ? OptionalDouble.empty() : OptionalDouble.of(sink);
  }

  /** The bound of a sink's difference as a score. */
  static double sinkError(double sink) {
    return UNIT * Math.abs(sink);
  }

  /** The first position that the query behind {@code tokens − 1} others sees. */
  int firstVisible(int tokens) {
    return isWindowed() ? Math.max(0, tokens - rule.get().window().getAsInt()) : 0;
  }

  boolean isWindowed() {
    return rule.isPresent() && rule.get().window().isPresent();
  }

  private OptionalDouble softCap() {
    return rule.map(ScoreRule::softCap).orElse(OptionalDouble.empty());
  }

  private double bias(int head, int distance) {
    return rule.filter(given -> !given.alibiSlopes().isEmpty())
        .map(given -> distance * given.alibiSlopes().get(head))
        .orElse(0.0);
  }
}
