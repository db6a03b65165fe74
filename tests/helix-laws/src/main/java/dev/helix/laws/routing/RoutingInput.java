package dev.helix.laws.routing;

/** What a router under test is given: the logits of some tokens. */
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

  /** {@code [tokens, experts]}, row-major. */
  public double[] logits() {
    return logits.clone();
  }

  /** {@code [experts]}, added to scores for the choice and not for the weights. */
  public double[] bias() {
    return bias.clone();
  }
}
