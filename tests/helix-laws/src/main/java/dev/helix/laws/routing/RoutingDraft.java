package dev.helix.laws.routing;

import java.util.Set;
import java.util.function.IntFunction;
import java.util.function.IntToDoubleFunction;
import java.util.function.IntUnaryOperator;

/** A case while it is drawn. */
final class RoutingDraft {
  final RoutingRule rule;
  final int tokens;
  private final double[] logits;
  private final double[] bias;
  private final int marked;

  /**
   * A draft whose logits and biases are all 0. {@code upTo} draws a number from 0 to its argument;
   * it chooses the logit that becomes NaN where a law asks for one.
   */
  RoutingDraft(RoutingRule rule, int tokens, IntUnaryOperator upTo) {
    this.rule = rule;
    this.tokens = tokens;
    this.logits = new double[tokens * rule.experts()];
    this.bias = new double[rule.experts()];
    this.marked = upTo.applyAsInt(logits.length - 1);
  }

  /** Sets each token's logits, by expert. */
  RoutingDraft logits(IntFunction<IntToDoubleFunction> ofToken) {
    for (int token = 0; token < tokens; token++) {
      IntToDoubleFunction each = ofToken.apply(token);
      for (int expert = 0; expert < bias.length; expert++) {
        logits[token * bias.length + expert] = each.applyAsDouble(expert);
      }
    }
    return this;
  }

  RoutingDraft bias(IntToDoubleFunction each) {
    for (int expert = 0; expert < bias.length; expert++) {
      bias[expert] = each.applyAsDouble(expert);
    }
    return this;
  }

  RoutingCase done(Set<RoutingHardCase> hard) {
    return new RoutingCase(rule, logits, bias, marked, hard);
  }
}
