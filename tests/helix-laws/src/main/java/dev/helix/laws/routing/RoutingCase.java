package dev.helix.laws.routing;

import dev.helix.laws.Trait;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/** The logits of some tokens, and the rule by which they are routed. Immutable. */
public final class RoutingCase {
  private static final int MOST_SHOWN = 40;

  private final RoutingRule rule;
  private final double[] logits;
  private final double[] bias;
  private final int marked;
  private final Set<RoutingHardCase> hard;

  /**
   * Keeps the arrays. {@code marked} is the index of the logit that becomes NaN where a law asks
   * for one.
   */
  RoutingCase(
      RoutingRule rule, double[] logits, double[] bias, int marked, Set<RoutingHardCase> hard) {
    this.rule = rule;
    this.logits = logits;
    this.bias = bias;
    this.marked = marked;
    this.hard = Set.copyOf(hard);
  }

  RoutingRule rule() {
    return rule;
  }

  int tokens() {
    return logits.length / rule.experts();
  }

  /** The documented hard cases that this case is one of. */
  public Set<RoutingHardCase> hard() {
    return hard;
  }

  /** The input with all tokens. */
  RoutingInput input() {
    return of(IntStream.range(0, tokens()).toArray());
  }

  /** The input with some of the tokens, in this order. */
  RoutingInput of(int... some) {
    double[] rows = Arrays.stream(some).boxed().flatMapToDouble(this::row).toArray();
    return new RoutingInput(rule, some.length, rows, bias);
  }

  /** The token that has the logit that becomes NaN where a law asks for one. */
  int markedToken() {
    return marked / rule.experts();
  }

  /** The expert whose logit becomes NaN. */
  int markedExpert() {
    return marked % rule.experts();
  }

  /** The input with all tokens, in which one expert's logit for one token is replaced. */
  RoutingInput with(int token, int expert, double logit) {
    double[] changed = logits.clone();
    changed[token * rule.experts() + expert] = logit;
    return new RoutingInput(rule, tokens(), changed, bias);
  }

  private DoubleStream row(int token) {
    return Arrays.stream(logits, token * rule.experts(), (token + 1) * rule.experts());
  }

  RoutingReference reference(int token, RoutingUnderTest subject) {
    return new RoutingReference(rule, row(token).toArray(), bias, subject);
  }

  /**
   * Returns the traits of a token, by which failures are grouped.
   *
   * @param together number of tokens that are routed at once
   */
  Set<Trait> traits(int token, int together) {
    double[] own = row(token).toArray();
    double greatest = Arrays.stream(bias).map(Math::abs).max().orElse(0);
    boolean equals =
        IntStream.range(0, own.length)
            .anyMatch(
                one ->
                    IntStream.range(0, one)
                        .anyMatch(other -> own[one] == own[other] && bias[one] == bias[other]));
    RoutingRule.Weighting weighting = rule.weighting();
    return new Trait.Noted()
        .note(
            "with logits that are no numbers",
            Arrays.stream(own).anyMatch(x -> !Double.isFinite(x)))
        .note("among whose experts there are equals", equals)
        .note("of rules that drop groups", rule.groups().kept() < rule.groups().count())
        .note("of biases of 8 and more in magnitude", greatest >= 8)
        .note("of rules with a bias", greatest > 0)
        .note("of renormalised weights", weighting.renormalised())
        .note("of weights with a scale", weighting.scale() != 1)
        .note("of sigmoid scores", rule.scoring() == RoutingRule.Scoring.SIGMOID)
        .note("of softmax scores", rule.scoring() == RoutingRule.Scoring.SOFTMAX)
        .note("of several tokens that are routed at once", together > 1)
        .note("of several experts for each token", rule.topK() > 1)
        .all();
  }

  /** Simpler cases: one token alone, then rounder numbers, then a plainer rule. */
  List<RoutingCase> simpler() {
    List<RoutingCase> simpler = new ArrayList<>();
    for (int token = 0; token < tokens() && tokens() > 1; token++) {
      simpler.add(new RoutingCase(rule, row(token).toArray(), bias, markedExpert(), hard));
    }
    for (int fewer : new int[] {1, rule.topK() - 1}) {
      if (fewer > 0 && fewer < rule.topK()) {
        simpler.add(ruled(fewer, rule.weighting()));
      }
    }
    if (rule.weighting().scale() != 1) {
      simpler.add(
          ruled(rule.topK(), new RoutingRule.Weighting(rule.weighting().renormalised(), 1)));
    }
    if (Arrays.stream(bias).anyMatch(b -> b != 0)) {
      simpler.add(new RoutingCase(rule, logits, new double[bias.length], marked, hard));
    }
    for (DoubleUnaryOperator rounder :
        List.<DoubleUnaryOperator>of(Math::rint, x -> Math.rint(4 * x) / 4)) {
      double[] rounded = Arrays.stream(logits).map(rounder).toArray();
      if (!Arrays.equals(rounded, logits)) {
        simpler.add(new RoutingCase(rule, rounded, bias, marked, hard));
      }
      double[] biases = Arrays.stream(bias).map(rounder).toArray();
      if (!Arrays.equals(biases, bias)) {
        simpler.add(new RoutingCase(rule, logits, biases, marked, hard));
      }
    }
    return simpler;
  }

  private RoutingCase ruled(int topK, RoutingRule.Weighting weighting) {
    RoutingRule plainer =
        new RoutingRule(rule.scoring(), rule.experts(), topK, rule.groups(), weighting);
    return new RoutingCase(plainer, logits, bias, marked, hard);
  }

  /** The size of the case; simpler cases are smaller. */
  int size() {
    long broken = Arrays.stream(logits).filter(x -> x != Math.rint(x)).count();
    long biased = Arrays.stream(bias).filter(x -> x != 0).count();
    int plain = rule.weighting().scale() == 1 ? 0 : 1;
    return (int) (1000 * tokens() + 10 * rule.topK() + broken + biased + plain);
  }

  /**
   * Describes the case in words, with a hash of its numbers because they are too many to be shown.
   */
  String inFull() {
    double[][] numbers = {logits, bias};
    return "%s, numbers of hash %08x".formatted(this, Arrays.deepHashCode(numbers));
  }

  @Override
  public String toString() {
    String all = "%d tokens by %s%s".formatted(tokens(), rule, hard.isEmpty() ? "" : " " + hard);
    return logits.length > MOST_SHOWN
        ? all
        : "%s, logits [tokens, experts] %s, bias %s"
            .formatted(all, Arrays.toString(logits), Arrays.toString(bias));
  }
}
