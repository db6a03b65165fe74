package dev.helix.laws.readings;

import dev.helix.ffn.ExpertRouter;
import dev.helix.ffn.MoeShape;
import dev.helix.ffn.RouterRule;
import dev.helix.ffn.Routing;
import dev.helix.ffn.baseline.UnshardedMoe;
import dev.helix.ffn.baseline.UnshardedSwiGlu;
import dev.helix.laws.routing.Routed;
import dev.helix.laws.routing.RoutingInput;
import dev.helix.laws.routing.RoutingRule;
import dev.helix.laws.routing.RoutingUnderTest;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * Adapters around this project's own choice of experts: the router of all readings, and the
 * baseline's.
 */
public final class BuiltInRouters {
  /** Logits behind the experts, which a router split over ranks gets and must not choose. */
  private static final int PADDING = 3;

  private BuiltInRouters() {}

  /** Both routers, by name. */
  public static Map<String, RoutingUnderTest> all() {
    Map<String, RoutingUnderTest> routers = new LinkedHashMap<>();
    routers.put("router", router());
    routers.put("baseline router", baseline());
    return routers;
  }

  /**
   * The router of all readings. Padding stands behind the experts' logits, and would win if it were
   * read.
   */
  public static RoutingUnderTest router() {
    return adapter(
        input -> {
          int experts = input.rule().experts();
          double[] padded = new double[input.tokens() * (experts + PADDING)];
          Arrays.fill(padded, 100);
          for (int token = 0; token < input.tokens(); token++) {
            int to = token * (experts + PADDING);
            System.arraycopy(input.logits(), token * experts, padded, to, experts);
          }
          ExpertRouter router = new ExpertRouter(rule(input.rule()), input.bias());
          return router.route(padded, input.tokens()).tokens();
        });
  }

  /** The baseline's router. Its matrix is the identity, so that its input is the logits. */
  public static RoutingUnderTest baseline() {
    return adapter(
        input -> {
          int experts = input.rule().experts();
          double[] identity = new double[experts * experts];
          IntStream.range(0, experts).forEach(i -> identity[i * experts + i] = 1);
          UnshardedSwiGlu expert =
              new UnshardedSwiGlu(
                  experts, 1, new double[experts], new double[experts], new double[experts]);
          UnshardedMoe mixture =
              new UnshardedMoe(
                  new MoeShape(experts, experts, 1, 0),
                  rule(input.rule()),
                  identity,
                  input.bias(),
                  Collections.nCopies(experts, expert),
                  Optional.empty());
          return IntStream.range(0, input.tokens())
              .mapToObj(t -> Arrays.copyOfRange(input.logits(), t * experts, (t + 1) * experts))
              .map(x -> chosen(mixture, x))
              .toList();
        });
  }

  private static Routing.Choice chosen(UnshardedMoe mixture, double[] x) {
    List<Integer> experts = mixture.chosen(x);
    return new Routing.Choice(experts, Arrays.stream(mixture.weights(x, experts)).boxed().toList());
  }

  private static RouterRule rule(RoutingRule asked) {
    return new RouterRule(
        RouterRule.Scoring.valueOf(asked.scoring().name()),
        asked.experts(),
        asked.topK(),
        asked.groups().count(),
        asked.groups().kept(),
        RouterRule.GroupScore.valueOf(asked.groups().score().name()),
        asked.weighting().renormalised(),
        asked.weighting().scale());
  }

  private static RoutingUnderTest adapter(Function<RoutingInput, List<Routing.Choice>> route) {
    return new RoutingUnderTest() {
      @Override
      public double normaliser() {
        return RouterRule.NORMALISER;
      }

      @Override
      public Routed route(RoutingInput input) {
        List<Routing.Choice> tokens = route.apply(input);
        return new Routed(
            tokens.stream()
                .flatMap(token -> token.experts().stream())
                .mapToInt(Integer::intValue)
                .toArray(),
            tokens.stream()
                .flatMap(token -> token.weights().stream())
                .mapToDouble(Double::doubleValue)
                .toArray());
      }
    };
  }
}
