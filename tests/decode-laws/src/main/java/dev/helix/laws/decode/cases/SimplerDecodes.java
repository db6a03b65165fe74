package dev.helix.laws.decode.cases;

import dev.helix.attention.AttentionShape;
import dev.helix.attention.LatentShape;
import dev.helix.attention.QueryToken;
import dev.helix.attention.ScoreRule;
import dev.helix.attention.rotary.RotaryPairing;
import dev.helix.tensor.mesh.Layout;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Function;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Simpler cases that replace a failing case as long as they fail too: fewer requests, fewer tokens,
 * fewer ranks, plainer scores, fewer steps, smaller sizes. Each is smaller than the case in one
 * respect and the same in the others.
 */
public final class SimplerDecodes {
  private static final List<Layout> SMALL =
      List.of(
          Layout.dense(1, 1),
          Layout.dense(2, 1),
          Layout.dense(1, 2),
          Layout.dense(3, 1),
          Layout.dense(4, 1),
          Layout.dense(2, 2));

  private final DecodeCase given;
  private final List<DecodeCase> simpler = new ArrayList<>();

  private SimplerDecodes(DecodeCase given) {
    this.given = given;
  }

  /** The simpler cases, the greatest simplification first. */
  public static List<DecodeCase> of(DecodeCase given) {
    SimplerDecodes decodes = new SimplerDecodes(given);
    decodes.requests();
    decodes.tokens();
    decodes.ranks();
    decodes.scores();
    decodes.steps();
    decodes.sizes();
    return decodes.simpler;
  }

  private void requests() {
    if (given.requests() < 2) {
      return;
    }
    for (int request = 0; request < given.requests(); request++) {
      int kept = request;
      only(other -> other == kept ? 0 : -1, List.of(given.capacities().get(kept)));
    }
    for (int request = 0; request < given.requests(); request++) {
      int dropped = request;
      List<Integer> capacities = new ArrayList<>(given.capacities());
      capacities.remove(dropped);
      only(other -> other == dropped ? -1 : other > dropped ? other - 1 : other, capacities);
    }
  }

  /** The requests that have a number among those that stay. */
  private void only(IntUnaryOperator number, List<Integer> capacities) {
    List<List<QueryToken>> kept =
        mapped(
            token ->
                number.applyAsInt(token.request()) < 0
                    ? List.of()
                    : List.of(
                        new QueryToken(number.applyAsInt(token.request()), token.position())));
    add(given.shape(), given.layout(), given.rule(), capacities, kept);
  }

  private void tokens() {
    for (Function<Integer, Integer> fewer :
        List.<Function<Integer, Integer>>of(
            length -> length / 2, length -> 3 * length / 4, length -> length - 1)) {
      for (int request = 0; request < given.requests(); request++) {
        int shortened = request;
        int end = fewer.apply(given.length(request));
        if (end < given.length(request) && end >= 0) {
          steps(
              mapped(token -> token.request() == shortened ? before(token, end) : List.of(token)));
          int from = given.length(request) - end;
          steps(
              mapped(token -> token.request() == shortened ? behind(token, from) : List.of(token)));
        }
      }
    }
  }

  private static List<QueryToken> before(QueryToken token, int end) {
    return token.position() < end ? List.of(token) : List.of();
  }

  /** The same without the request's first tokens. */
  private static List<QueryToken> behind(QueryToken token, int from) {
    return token.position() < from
        ? List.of()
        : List.of(new QueryToken(token.request(), token.position() - from));
  }

  private void ranks() {
    Layout layout = given.layout();
    for (Layout small : SMALL) {
      if (small.ranks() < layout.ranks()) {
        add(given.shape(), small, given.rule(), given.capacities(), given.steps());
      }
    }
    if (layout.ep() > 1) {
      Layout dense = Layout.dense(layout.kvp(), layout.tpa());
      add(given.shape(), dense, given.rule(), given.capacities(), given.steps());
    }
    for (TokenDeal deal : plainer(given.deal())) {
      simpler.add(
          copy(
              given.shape(),
              layout,
              deal,
              given.rule(),
              given.capacities(),
              given.steps(),
              given.hopB()));
    }
    if (given.hopB()) {
      simpler.add(
          copy(
              given.shape(),
              layout,
              given.deal(),
              given.rule(),
              given.capacities(),
              given.steps(),
              false));
    }
  }

  private static List<TokenDeal> plainer(TokenDeal deal) {
    return Stream.of(new TokenDeal(deal.runLength(), 0), new TokenDeal(1, deal.turn()))
        .filter(other -> !other.equals(deal))
        .toList();
  }

  private void scores() {
    if (given.latent().isPresent()) {
      return;
    }
    ScoreRule rule = given.rule();
    ScoreRule plain = ScoreRule.ofScale(given.shape().scoreScale());
    OptionalDouble noCap = OptionalDouble.empty();
    OptionalInt noWindow = OptionalInt.empty();
    List<ScoreRule> plainer =
        List.of(
            plain,
            ScoreRule.ofScale(rule.scale()),
            new ScoreRule(rule.scale(), noCap, rule.window(), rule.sinks(), rule.alibiSlopes()),
            new ScoreRule(rule.scale(), rule.softCap(), noWindow, rule.sinks(), rule.alibiSlopes()),
            rule.withSinks(List.of()),
            rule.withAlibi(List.of()));
    for (ScoreRule other : plainer) {
      if (!other.equals(rule)) {
        add(given.shape(), given.layout(), other, given.capacities(), given.steps());
      }
    }
  }

  private void steps() {
    if (given.steps().size() > 1) {
      steps(List.of(sorted(given.tokens())));
    }
    for (int first = 0; first + 1 < given.steps().size(); first++) {
      List<List<QueryToken>> joined = new ArrayList<>(given.steps());
      List<QueryToken> both = new ArrayList<>(joined.get(first));
      both.addAll(joined.remove(first + 1));
      joined.set(first, sorted(both));
      steps(joined);
    }
    List<Integer> lengths =
        IntStream.range(0, given.requests())
            .map(request -> Math.max(1, given.length(request)))
            .boxed()
            .toList();
    if (!lengths.equals(given.capacities())) {
      add(given.shape(), given.layout(), given.rule(), lengths, given.steps());
    }
  }

  private void sizes() {
    given.latent().ifPresent(this::latentSizes);
    if (given.latent().isPresent()) {
      return;
    }
    AttentionShape shape = given.shape();
    int ranks = given.layout().ranks();
    List<AttentionShape> smaller =
        List.of(
            new AttentionShape(1, ranks, given.layout().tpa(), 2),
            new AttentionShape(shape.hidden(), ranks, given.layout().tpa(), shape.headDim()),
            new AttentionShape(shape.hidden(), shape.queryHeads(), shape.kvHeads(), 2),
            new AttentionShape(1, shape.queryHeads(), shape.kvHeads(), shape.headDim()),
            new AttentionShape(2, shape.queryHeads(), shape.kvHeads(), shape.headDim()));
    for (AttentionShape other : smaller) {
      if (size(other) < size(shape)) {
        add(other, given.layout(), given.rule(), given.capacities(), given.steps());
      }
    }
  }

  private void latentSizes(LatentShape shape) {
    int ranks = given.layout().ranks();
    OptionalInt none = OptionalInt.empty();
    RotaryPairing pairing = shape.pairing();
    List<LatentShape> smaller =
        List.of(
            new LatentShape(1, ranks, none, 2, 1, 2, 1, pairing),
            new LatentShape(shape.hidden(), ranks, none, 2, 1, 2, 1, pairing),
            new LatentShape(shape.hidden(), shape.heads(), none, 2, 1, 2, 1, pairing),
            new LatentShape(shape.hidden(), ranks, shape.queryLatent(), 6, 3, 2, 5, pairing));
    for (LatentShape other : smaller) {
      if (size(other) < size(shape)) {
        simpler.add(
            new DecodeCase(
                other.absorbed(),
                Optional.of(other),
                given.layout(),
                given.deal(),
                ScoreRule.ofScale(other.scoreScale(DecodeCase.ROPE)),
                given.capacities(),
                given.steps(),
                given.hopB(),
                Set.of(),
                given.seed()));
      }
    }
  }

  private static int size(LatentShape shape) {
    return size(shape.absorbed()) + shape.queryLatent().orElse(0) + shape.upRows();
  }

  private static int size(AttentionShape shape) {
    return shape.hidden() + shape.queryHeads() + shape.kvHeads() + shape.headDim();
  }

  private void steps(List<List<QueryToken>> fewer) {
    add(given.shape(), given.layout(), given.rule(), given.capacities(), fewer);
  }

  /** Adds a case if there is one: heads fit the ranks, and some token is left. */
  private void add(
      AttentionShape shape,
      Layout layout,
      ScoreRule rule,
      List<Integer> capacities,
      List<List<QueryToken>> steps) {
    boolean fits = shape.kvHeads() % layout.tpa() == 0 && shape.queryHeads() % layout.ranks() == 0;
    if (fits && !steps.isEmpty()) {
      int heads = shape.queryHeads();
      ScoreRule own =
          rule.withSinks(start(rule.sinks(), heads)).withAlibi(start(rule.alibiSlopes(), heads));
      simpler.add(copy(shape, layout, given.deal(), own, capacities, steps, given.hopB()));
    }
  }

  private DecodeCase copy(
      AttentionShape shape,
      Layout layout,
      TokenDeal deal,
      ScoreRule rule,
      List<Integer> capacities,
      List<List<QueryToken>> steps,
      boolean hopB) {
    return new DecodeCase(
        shape, given.latent(), layout, deal, rule, capacities, steps, hopB, Set.of(), given.seed());
  }

  private static List<Double> start(List<Double> ofHeads, int heads) {
    return ofHeads.subList(0, Math.min(ofHeads.size(), heads));
  }

  /** Steps with other tokens, and without those that have none. */
  private List<List<QueryToken>> mapped(Function<QueryToken, List<QueryToken>> tokens) {
    return given.steps().stream()
        .map(step -> step.stream().flatMap(token -> tokens.apply(token).stream()).toList())
        .filter(step -> !step.isEmpty())
        .toList();
  }

  private static List<QueryToken> sorted(List<QueryToken> tokens) {
    List<QueryToken> sorted = new ArrayList<>(tokens);
    Collections.sort(
        sorted,
        Comparator.comparingInt(QueryToken::request).thenComparingInt(QueryToken::position));
    return sorted;
  }
}
