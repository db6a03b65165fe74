package dev.helix.attention;

import dev.helix.tensor.InvalidInputException;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * How attention turns products of queries and keys into scores and weights. For the query of head h
 * at position p and the token at position j, it applies in this order
 *
 * <pre>
 * s = scale·q·k            always
 * s ← cap·tanh(s / cap)    with a soft cap (Gemma 2, arXiv 2408.00118), before anything is masked
 * s ← s − slopeₕ·(p − j)   with ALiBi (arXiv 2108.12409), on global positions
 * j is visible if p − window &lt; j ≤ p, and without a window if j ≤ p
 * </pre>
 *
 * <p>With an attention sink, exp(sinkₕ) is added to the softmax's denominator, as if there were one
 * more token with this score and the value 0 (arXiv 2309.17453; the logit is a parameter of its
 * own, as in gpt-oss).
 *
 * <p>Kernels are given views that contain the visible tokens only; {@code window} is for the code
 * that makes the views.
 *
 * @param scale the factor on q·k
 * @param softCap the bound that scores approach but never exceed, positive
 * @param window how many positions a query sees, its own included; at least 1
 * @param sinks one logit for each head, −∞ for a head without a sink; empty if no head has one
 * @param alibiSlopes one slope for each head; empty without ALiBi
 */
public record ScoreRule(
    double scale,
    OptionalDouble softCap,
    OptionalInt window,
    List<Double> sinks,
    List<Double> alibiSlopes) {
  public ScoreRule {
    sinks = List.copyOf(sinks);
    alibiSlopes = List.copyOf(alibiSlopes);
    require(Double.isFinite(scale), "scale of scores", scale, "a number");
    softCap.ifPresent(
        cap -> require(cap > 0 && Double.isFinite(cap), "soft cap", cap, "a positive number"));
    window.ifPresent(w -> require(w >= 1, "window of attention", w, "at least 1 token"));
    for (double sink : sinks) {
      require(sink < Double.POSITIVE_INFINITY, "attention sink", sink, "a number or −∞");
    }
    for (double slope : alibiSlopes) {
      require(Double.isFinite(slope), "ALiBi slope", slope, "a number");
    }
  }

  /** The rule whose scores are products times a scale, and nothing else. */
  public static ScoreRule ofScale(double scale) {
    return new ScoreRule(scale, OptionalDouble.empty(), OptionalInt.empty(), List.of(), List.of());
  }

  /** The same rule with another scale. */
  public ScoreRule withScale(double factor) {
    return new ScoreRule(factor, softCap, window, sinks, alibiSlopes);
  }

  /** The same rule with a soft cap. */
  public ScoreRule withSoftCap(double cap) {
    return new ScoreRule(scale, OptionalDouble.of(cap), window, sinks, alibiSlopes);
  }

  /** The same rule with a sliding window of {@code tokens} positions. */
  public ScoreRule withWindow(int tokens) {
    return new ScoreRule(scale, softCap, OptionalInt.of(tokens), sinks, alibiSlopes);
  }

  /** The same rule with these sinks, one for each head. */
  public ScoreRule withSinks(List<Double> logits) {
    return new ScoreRule(scale, softCap, window, logits, alibiSlopes);
  }

  /** The same rule with these slopes, one for each head. */
  public ScoreRule withAlibi(List<Double> slopes) {
    return new ScoreRule(scale, softCap, window, sinks, slopes);
  }

  /**
   * The rule of the heads {@code [from, to)} alone, which are then counted from 0.
   *
   * @throws IndexOutOfBoundsException if sinks or slopes are given for fewer heads
   */
  public ScoreRule ofHeads(int from, int to) {
    return new ScoreRule(
        scale,
        softCap,
        window,
        sinks.isEmpty() ? sinks : sinks.subList(from, to),
        alibiSlopes.isEmpty() ? alibiSlopes : alibiSlopes.subList(from, to));
  }

  /**
   * Checks that sinks and slopes, where there are any, are given for {@code heads} heads.
   *
   * @return this
   * @throws IllegalArgumentException naming the operation
   */
  public ScoreRule requireHeads(String operation, int heads) {
    requireHeads(operation, "sinks", sinks, heads);
    requireHeads(operation, "ALiBi slopes", alibiSlopes, heads);
    return this;
  }

  /** A head's sink; −∞ if it has none. */
  public double sink(int head) {
    return sinks.isEmpty() ? Double.NEGATIVE_INFINITY : sinks.get(head);
  }

  private static void requireHeads(String operation, String what, List<Double> given, int heads) {
    if (!given.isEmpty() && given.size() != heads) {
      throw new IllegalArgumentException(
          "%s: expected %s of %d heads, got %d".formatted(operation, what, heads, given.size()));
    }
  }

  private static void require(boolean holds, String what, double value, String expected) {
    if (!holds) {
      throw new InvalidInputException("%s is %s, expected %s".formatted(what, value, expected));
    }
  }
}
