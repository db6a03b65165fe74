package dev.helix.laws.decode.cases;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.helix.attention.QueryToken;
import dev.helix.attention.ScoreRule;
import dev.helix.attention.placement.RoundRobinPlacement;
import dev.helix.laws.Law;
import dev.helix.laws.LawOutcome;
import dev.helix.laws.LawSuite;
import dev.helix.laws.decode.DecodeUnderTest;
import dev.helix.laws.museum.Exhibit;
import dev.helix.laws.museum.Museum;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.statistics.Statistics;

/** The generator of decodes comes upon every documented hard case, and each is what it says. */
class DecodeHardCaseTest {
  @Property(tries = 1000, seed = "2507")
  void everyHardCaseIsHitInARunOfFixedSeed(@ForAll("cases") DecodeCase given) {
    for (DecodeHardCase hard : DecodeHardCase.ofOneCase()) {
      Statistics.label(hard.name()).collect(given.hard().contains(hard));
      Statistics.label(hard.name())
          .coverage(coverage -> coverage.check(true).count(hits -> hits >= 5));
    }
    boolean random = given.hard().isEmpty();
    Statistics.label("random, latent").collect(random && given.latent().isPresent());
    Statistics.label("random, latent")
        .coverage(coverage -> coverage.check(true).count(hits -> hits >= 30));
    Statistics.label("random").collect(random);
    Statistics.label("random").coverage(coverage -> coverage.check(true).percentage(p -> p > 30));
    Statistics.label("KVP").collect(given.layout().kvp());
    Statistics.label("KVP")
        .coverage(
            coverage ->
                List.of(1, 2, 3, 4, 8).forEach(kvp -> coverage.check(kvp).percentage(p -> p > 4)));
  }

  @Property(tries = 400, seed = "2507")
  void aHardCaseIsWhatItsNameSays(@ForAll DecodeHardCase hard, @ForAll long seed) {
    DecodeCase given = hard.make(new SplittableRandom(seed));
    assertTrue(is(hard, given), () -> hard + ": " + given);
  }

  /** In the words of the case, not of the generator. */
  private static boolean is(DecodeHardCase hard, DecodeCase given) {
    RoundRobinPlacement placement = given.placement();
    int ranks = given.layout().ranks();
    int tokens = given.tokens().size();
    int round = placement.shards() * placement.runLength();
    int heads = given.shape().queryHeads();
    int kvHeads = given.shape().kvHeads();
    ScoreRule rule = given.rule();
    return switch (hard) {
      case ONE_RANK -> ranks == 1;
      case KVP_3 -> placement.shards() == 3;
      case KVP_8 -> placement.shards() == 8;
      case EMPTY_REQUEST -> lengths(given).anyMatch(n -> n == 0) && tokens > 0;
      case ONE_TOKEN -> tokens == 1;
      case FEWER_TOKENS_THAN_RANKS -> lengths(given).allMatch(n -> n > 0 && n < ranks);
      case ROUND_LESS_ONE_OF_SINGLE_TOKENS ->
          round == placement.shards() && (tokens + 1) % round == 0;
      case ROUND_OF_SINGLE_TOKENS -> round == placement.shards() && tokens % round == 0;
      case ROUND_AND_ONE_OF_SINGLE_TOKENS -> round == placement.shards() && tokens % round == 1;
      case ROUND_LESS_ONE_OF_RUNS_OF_16 -> placement.runLength() == 16 && (tokens + 1) % round == 0;
      case ROUND_OF_RUNS_OF_16 -> placement.runLength() == 16 && tokens % round == 0;
      case ROUND_AND_ONE_OF_RUNS_OF_16 -> placement.runLength() == 16 && tokens % round == 1;
      case ROUND_LESS_ONE_OF_PAGES -> pages(given) > 1 && (tokens + 1) % round == 0;
      case ROUND_OF_PAGES -> pages(given) > 1 && tokens % round == 0;
      case ROUND_AND_ONE_OF_PAGES -> pages(given) > 1 && tokens % round == 1;
      case SHARDS_OF_MORE_THAN_64_TOKENS -> placement.localLength(0, tokens) > 64;
      case PAGES_OF_ONE_TOKEN ->
          given.requests() == 2 && given.capacities().stream().allMatch(capacity -> capacity == 1);
      case PAGES_OF_A_THIRD -> pages(given) >= 3;
      case SPECULATION_ACROSS_OWNERS ->
          given.steps().stream().skip(1).anyMatch(step -> ownersOfOneRequest(step, placement) > 1);
      case HEADS_32_OVER_2 -> heads == 32 && kvHeads == 2;
      case HEADS_28_OVER_7 -> heads == 28 && kvHeads == 7;
      case MULTI_QUERY -> heads > 1 && kvHeads == 1;
      case EQUAL_AXES ->
          heads == ranks
              && given.shape().headDim() == ranks
              && given.steps().stream().allMatch(step -> step.size() == ranks);
      case TPA_WITH_KVP -> given.layout().tpa() > 1 && placement.shards() > 1;
      case HOP_B ->
          given.hopB()
              && given.steps().stream()
                  .anyMatch(step -> step.stream().map(QueryToken::request).distinct().count() > 1);
      case UNEQUAL_SHARDS -> rule.scale() > 5 * given.shape().scoreScale();
      case SLIDING_WINDOW -> rule.window().isPresent() && rule.sinks().isEmpty();
      case SINKS -> rule.sinks().size() == heads && rule.window().isEmpty();
      case ALL_SCORE_RULES ->
          rule.window().isPresent()
              && rule.softCap().isPresent()
              && rule.sinks().size() == heads
              && rule.alibiSlopes().size() == heads
              && given.layout().tpa() > 1
              && pages(given) > 1;
      case EXPERT_GROUPS -> given.layout().ep() == 2 && given.layout().tpf() == 2;
      case LATENT -> latent(given) && !given.hopB();
      case LATENT_HOP_B -> latent(given) && given.hopB();
      // Which choices stand together is the subject of DecodeCoverTest.
      case COVERED_PAIRS -> placement.shards() == 3 && given.requests() % 2 == 1;
    };
  }

  private static Stream<Integer> lengths(DecodeCase given) {
    return IntStream.range(0, given.requests()).map(given::length).boxed();
  }

  /** Of the first shard of the first request. */
  private static int pages(DecodeCase given) {
    RoundRobinPlacement placement = given.placement();
    int page = Math.max(1, placement.localLength(0, given.capacities().get(0)));
    return (placement.localLength(0, given.length(0)) - 1) / page + 1;
  }

  /** Pages, lengths and speculation are those in which the parts of a sequence go wrong. */
  private static boolean latent(DecodeCase given) {
    return given.latent().isPresent()
        && given.layout().kvp() > 1
        && pages(given) > 1
        && lengths(given).distinct().count() == 2
        && given.steps().stream()
            .skip(1)
            .anyMatch(step -> ownersOfOneRequest(step, given.placement()) > 1);
  }

  private static long ownersOfOneRequest(List<QueryToken> step, RoundRobinPlacement placement) {
    return step.stream()
        .collect(
            Collectors.groupingBy(
                QueryToken::request,
                Collectors.mapping(token -> placement.owner(token.position()), Collectors.toSet())))
        .values()
        .stream()
        .mapToLong(owners -> owners.size())
        .max()
        .orElse(0);
  }

  @Property(tries = 100, seed = "2507")
  void simplerCasesAreSmallerAndLegal(@ForAll("cases") DecodeCase given) {
    for (DecodeCase simpler : SimplerDecodes.of(given)) {
      assertFalse(simpler.equals(given), simpler::toString);
      assertTrue(simpler.tokens().size() <= given.tokens().size(), simpler::toString);
      assertTrue(simpler.layout().ranks() <= given.layout().ranks(), simpler::toString);
      assertTrue(simpler.steps().size() <= given.steps().size(), simpler::toString);
      assertEquals(given.seed(), simpler.seed());
    }
  }

  /** Where no page has an unwritten slot or a later token, foreign tokens are all there is. */
  @Example
  void aPageTableOfGlobalLengthIsFoundOutByWhatOtherRequestsHaveWritten() {
    Exhibit exhibit =
        Museum.exhibits().stream()
            .filter(e -> e.name().equals("local page table built from global lengths"))
            .findFirst()
            .orElseThrow();
    DecodeUnderTest faulty = (DecodeUnderTest) exhibit.at(Law.DECODE_UNSHARDED);
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < 5; i++) {
      DecodeCase given = DecodeHardCase.PAGES_OF_ONE_TOKEN.make(random);
      LawOutcome outcome =
          LawOutcome.of(Law.DECODE_UNSHARDED, faulty.laws().trial(Law.DECODE_UNSHARDED, given));
      String violation = outcome.violation().orElseThrow();
      assertTrue(violation.contains("off by"), violation);
      DecodeCase alone = onlyTheFirstRequest(given);
      assertTrue(
          LawSuite.run(Law.DECODE_UNSHARDED, faulty.laws(), List.of(alone)).holds(),
          alone::toString);
    }
  }

  private static DecodeCase onlyTheFirstRequest(DecodeCase given) {
    return SimplerDecodes.of(given).get(0);
  }

  @Provide
  Arbitrary<DecodeCase> cases() {
    return Arbitraries.longs().map(seed -> DecodeCases.next(new SplittableRandom(seed)));
  }
}
