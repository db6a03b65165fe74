package dev.helix.laws.routing;

import dev.helix.laws.Law;
import dev.helix.laws.LawViolation;
import dev.helix.laws.Trial;
import dev.helix.laws.reference.FiftyDigits;
import dev.helix.laws.routing.RoutingReference.Choice;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;

/** The trial of one law of routing, against one implementation, on one case. */
final class RoutingTrial extends Trial {
  private final RoutingUnderTest subject;
  private final RoutingCase given;
  private final RoutingRule rule;
  private final Map<Integer, RoutingReference> references = new HashMap<>();

  RoutingTrial(Law law, RoutingUnderTest subject, RoutingCase given) {
    super(law);
    this.subject = subject;
    this.given = given;
    this.rule = given.rule();
  }

  @Override
  protected String input() {
    return given.toString();
  }

  @Override
  protected void hold() {
    int[] all = IntStream.range(0, given.tokens()).toArray();
    switch (law()) {
      case ROUTING_CHOICE -> choices(all);
      case ROUTING_WEIGHTS -> weights(all);
      case ROUTING_TOKENS -> byThemselves();
      case ROUTING_NAN_IS_REPORTED -> nan();
      default -> throw new IllegalArgumentException(law() + " is not a law of routing");
    }
  }

  private void choices(int... tokens) {
    Routed got = route(given.of(tokens));
    for (int row = 0; row < tokens.length; row++) {
      rowOf(tokens[row], tokens.length);
      Choice right = reference(tokens[row]).choice();
      Set<Integer> chosen = chosen(tokens[row], row, got);
      int token = tokens[row];
      if (right.decided()) {
        same(
            right.experts().equals(chosen),
            numbers(right.experts()),
            numbers(chosen),
            () ->
                "token %d: expected experts %s, got %s".formatted(token, right.experts(), chosen));
      }
    }
  }

  private void weights(int... tokens) {
    Routed got = route(given.of(tokens));
    for (int row = 0; row < tokens.length; row++) {
      rowOf(tokens[row], tokens.length);
      RoutingReference reference = reference(tokens[row]);
      int token = tokens[row];
      Set<Integer> chosen = chosen(tokens[row], row, got);
      for (int k = 0; k < rule.topK(); k++) {
        int expert = got.experts()[row * rule.topK() + k];
        double bound = reference.weightBound(expert, chosen);
        if (bound == Double.POSITIVE_INFINITY) {
          continue;
        }
        within(
            "the weight",
            () -> "token %d, expert %d".formatted(token, expert),
            subject.format(),
            FiftyDigits.doubleValue(reference.weight(expert, chosen)),
            got.weights()[row * rule.topK() + k],
            bound);
      }
    }
  }

  /** Each token alone, and all of them the other way round. */
  private void byThemselves() {
    for (int token = 0; token < given.tokens(); token++) {
      choices(token);
      weights(token);
    }
    int[] reversed = IntStream.range(0, given.tokens()).map(t -> given.tokens() - 1 - t).toArray();
    choices(reversed);
    weights(reversed);
  }

  /** Checks that a token with a logit of NaN or +∞ gets a weight of NaN, or causes an error. */
  private void nan() {
    for (double logit : new double[] {Double.NaN, Double.POSITIVE_INFINITY}) {
      int token = given.markedToken();
      int expert = given.markedExpert();
      RoutingInput input = given.with(token, expert, logit);
      rowOf(token, given.tokens());
      boolean lost;
      called();
      try {
        double[] weights = subject.route(input).weights();
        lost =
            IntStream.range(token * rule.topK(), (token + 1) * rule.topK())
                .allMatch(k -> Double.isFinite(weights[k]));
      } catch (RuntimeException e) {
        lost = false;
      }
      boolean all = lost && !(logit > 0 && rule.scoring() == RoutingRule.Scoring.SIGMOID);
      require(
          !all,
          () ->
              "a logit of %s, of token %d, expert %d, is lost: all weights are finite"
                  .formatted(logit, token, expert));
    }
  }

  private static double[] numbers(Set<Integer> experts) {
    return experts.stream().mapToDouble(Integer::intValue).sorted().toArray();
  }

  /**
   * Begins the comparisons of a token.
   *
   * @param together number of tokens that are routed at once
   */
  private void rowOf(int token, int together) {
    row(() -> given.traits(token, together));
  }

  private RoutingReference reference(int token) {
    return references.computeIfAbsent(token, t -> given.reference(t, subject));
  }

  /** The experts of a row, of which there have to be as many different ones as the rule says. */
  private Set<Integer> chosen(int token, int row, Routed got) {
    Set<Integer> chosen = new TreeSet<>();
    for (int k = row * rule.topK(); k < (row + 1) * rule.topK(); k++) {
      int expert = got.experts()[k];
      require(
          expert >= 0 && expert < rule.experts() && chosen.add(expert),
          () ->
              "token %d: expected different experts below %d, got %s"
                  .formatted(
                      token,
                      rule.experts(),
                      Arrays.toString(
                          Arrays.copyOfRange(
                              got.experts(), row * rule.topK(), (row + 1) * rule.topK()))));
    }
    return chosen;
  }

  private Routed route(RoutingInput input) {
    called();
    Routed got;
    try {
      got = subject.route(input);
    } catch (RuntimeException e) {
      throw new LawViolation.Refusal("the router threw " + e);
    }
    int expected = input.tokens() * rule.topK();
    require(
        got.experts().length == expected && got.weights().length == expected,
        () ->
            "expected %d experts and weights of %d tokens, got %d and %d"
                .formatted(expected, input.tokens(), got.experts().length, got.weights().length));
    return got;
  }
}
