package dev.helix.laws.routing;

/** The question to a router under test: the logits of some tokens, and the rule. */
public final class RoutingInput {
  private final RoutingRule rule;
  private final int tokens;
  private final double[] logits;
  private final double[] bias;

  /** Keeps the arrays. */
  RoutingInput(RoutingRule rule, int tokens, double[] logits, double[] bias) {
    this.rule = rule;
    this.tokens = tokens;
    this.logits = logits;
    this.bias = bias;
  }

  public RoutingRule rule() {
    return rule;
  }

  public int tokens() {
    return tokens;
  }

  /** The logits, {@code [tokens, experts]}, row-major. */
  public double[] logits() {
    return logits.clone();
  }

  /**
   * The bias, {@code [experts]}, which is added to scores for the choice but not for the weights.
   */
  public double[] bias() {
    return bias.clone();
  }
}
