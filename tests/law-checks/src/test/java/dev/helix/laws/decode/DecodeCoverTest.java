package dev.helix.laws.decode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.helix.attention.QueryToken;
import dev.helix.attention.ScoreRule;
import dev.helix.attention.placement.RoundRobinPlacement;
import dev.helix.laws.decode.cases.DecodeCase;
import dev.helix.laws.decode.cases.DecodeCases;
import dev.helix.laws.decode.cases.DecodeHardCase;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every two choices of the cover stand together in a decode, as the case itself shows. */
class DecodeCoverTest {
  /** All choices, in the order and in the words of {@link #choices}. */
  private static final List<List<String>> ALL =
      List.of(
          List.of("no window", "window"),
          List.of("no sinks", "sinks"),
          List.of("no cap", "cap"),
          List.of("no slopes", "slopes"),
          List.of("no rank empty", "first empty", "middle empty", "last empty"),
          List.of("1 request", "3 requests"),
          List.of("short", "beyond a tile"),
          List.of("grouped", "one head", "latent"),
          List.of("all at once", "HOP-B"));

  /** Latent attention has no rule of scores: {@link #latentAttentionRefusesRulesOfScores}. */
  private static final Set<String> RULES = Set.of("window", "sinks", "cap", "slopes");

  /** What each seed runs, however few cases are asked for. */
  static List<DecodeCase> cases(long seed) {
    return DecodeCases.of(seed, 1).stream()
        .filter(given -> given.hard().contains(DecodeHardCase.COVERED_PAIRS))
        .toList();
  }

  private static List<String> choices(DecodeCase given) {
    RoundRobinPlacement placement = given.placement();
    ScoreRule rule = given.rule();
    int round = placement.shards() * placement.runLength();
    boolean window = rule.window().isPresent();
    long requests = given.tokens().stream().map(QueryToken::request).distinct().count();
    int longest = IntStream.range(0, given.requests()).map(given::length).max().orElseThrow();
    int hidden = longest - rule.window().orElse(longest);
    assertTrue(!window || (rule.window().getAsInt() < round && hidden > 0), given::toString);
    int visible =
        IntStream.range(0, placement.shards())
            .map(s -> placement.localLength(s, longest) - placement.localLength(s, hidden))
            .max()
            .orElseThrow();
    return List.of(
        window ? "window" : "no window",
        rule.sinks().isEmpty() ? "no sinks" : "sinks",
        rule.softCap().isEmpty() ? "no cap" : "cap",
        rule.alibiSlopes().isEmpty() ? "no slopes" : "slopes",
        empty(given),
        requests == 1 ? "1 request" : requests + " requests",
        visible > 64 ? "beyond a tile" : "short",
        heads(given),
        given.hopB() ? "HOP-B" : "all at once");
  }

  /** Which of the ranks that run keeps no token. */
  private static String empty(DecodeCase given) {
    Set<Integer> living =
        given.tokens().stream()
            .map(token -> given.placement().owner(token.position()))
            .collect(Collectors.toSet());
    DecodeRanks<?> ranks = DecodeRanks.of(new DecodeUnderTest() {}, given);
    int last = given.layout().ranks() - 1;
    List<Integer> empty =
        IntStream.rangeClosed(0, last)
            .filter(rank -> !living.contains(ranks.place(rank).kvpIndex()))
            .boxed()
            .toList();
    assertTrue(empty.size() < 2, given::toString);
    if (empty.isEmpty()) {
      return "no rank empty";
    }
    return empty.get(0) == 0 ? "first empty" : empty.get(0) == last ? "last empty" : "middle empty";
  }

  private static String heads(DecodeCase given) {
    int perKvHead = given.shape().queryHeads() / given.shape().kvHeads();
    if (given.latent().isPresent()) {
      return "latent";
    }
    return perKvHead > 1 ? "grouped" : "one head";
  }

  static Set<String> pairs(List<List<String>> rows) {
    Set<String> pairs = new TreeSet<>();
    for (List<String> row : rows) {
      for (int i = 0; i < row.size(); i++) {
        for (int j = i + 1; j < row.size(); j++) {
          pairs.add(row.get(i) + " + " + row.get(j));
        }
      }
    }
    return pairs;
  }

  /** All pairs, but those of latent attention with a rule. */
  static Set<String> expected() {
    Set<String> pairs = new TreeSet<>();
    for (int i = 0; i < ALL.size(); i++) {
      for (int j = i + 1; j < ALL.size(); j++) {
        for (String one : ALL.get(i)) {
          for (String other : ALL.get(j)) {
            if (!(RULES.contains(one) && other.equals("latent"))) {
              pairs.add(one + " + " + other);
            }
          }
        }
      }
    }
    return pairs;
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void everyTwoChoicesStandTogetherInSomeDecode(long seed) {
    List<DecodeCase> cases = cases(seed);
    Set<String> missing = expected();
    Set<String> covered = pairs(cases.stream().map(DecodeCoverTest::choices).toList());
    assertTrue(expected().containsAll(covered), covered::toString);
    missing.removeAll(covered);
    assertEquals(Set.of(), missing);
    assertTrue(cases.size() <= 24, () -> cases.size() + " cases");
  }

  /**
   * Latent attention is a program of its own: its rows cover what it has in common by themselves.
   */
  @Test
  void everyTwoChoicesStandTogetherInSomeLatentDecode() {
    Set<String> expected = expected();
    for (DecodeCase given : cases(1)) {
      if (given.latent().isPresent()) {
        expected.removeAll(pairs(List.of(choices(given))));
      }
    }
    expected.removeIf(pair -> !inCommon(pair));
    assertEquals(Set.of(), expected);
  }

  private static boolean inCommon(String pair) {
    List<String> common = Stream.of(4, 5, 6, 8).map(ALL::get).flatMap(List::stream).toList();
    return Stream.of(pair.split(" \\+ ")).allMatch(common::contains);
  }

  /**
   * The library has one rule for latent attention, products times its scale ({@code LatentSettings}
   * takes no other), so a case with another would be judged by scores that no rank forms.
   */
  @Test
  void latentAttentionRefusesRulesOfScores() {
    DecodeCase latent =
        cases(1).stream().filter(given -> given.latent().isPresent()).findFirst().orElseThrow();
    int heads = latent.shape().queryHeads();
    List<UnaryOperator<ScoreRule>> rules = new ArrayList<>();
    rules.add(rule -> rule.withWindow(3));
    rules.add(rule -> rule.withSinks(Collections.nCopies(heads, 0.5)));
    rules.add(rule -> rule.withSoftCap(2));
    rules.add(rule -> rule.withAlibi(Collections.nCopies(heads, 0.5)));
    assertEquals(RULES.size(), rules.size());
    for (UnaryOperator<ScoreRule> rule : rules) {
      IllegalArgumentException e =
          assertThrows(IllegalArgumentException.class, () -> with(latent, rule));
      assertTrue(e.getMessage().contains("with its own scale, not as"), e.getMessage());
    }
  }

  private static DecodeCase with(DecodeCase given, UnaryOperator<ScoreRule> rule) {
    return new DecodeCase(
        given.shape(),
        given.latent(),
        given.layout(),
        given.deal(),
        rule.apply(given.rule()),
        given.capacities(),
        given.steps(),
        given.hopB(),
        given.hard(),
        given.seed());
  }
}
