package dev.helix.runtime.lesson;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.graalvm.polyglot.TypeLiteral;
import org.junit.jupiter.api.Test;

/** What a learner has chosen survives the address of the page. */
class LessonAddressTest {
  private static final TypeLiteral<List<String>> STRINGS = new TypeLiteral<>() {};
  private static final int LAYERS = 4;
  private static final int HEADS = 8;
  private static final LessonScript SCRIPT = LessonScript.load();

  /** Writes a choice as an address and reads it in a page that was just opened. */
  private static final String THERE_AND_BACK =
      """
      (text) => {
        const start = startOf({ story: "Ada went to the mill ." });
        const given = JSON.parse(text);
        const chosen = { ...start, ...given, moved: new Map(given.moved), bets: new Map(given.bets) };
        const read = readAddress(addressOf(chosen, start), "", start,
          { layers: 4, heads: 8, options: Array(10).fill(6) });
        const plain = (x) => JSON.stringify({ ...x, moved: [...x.moved], bets: [...x.bets] });
        return [plain(chosen), plain(read.chosen), read.refused.join()];
      }\
      """;

  @Provide
  Arbitrary<Map<String, Object>> numbers() {
    Arbitrary<List<List<Integer>>> moved =
        Combinators.combine(
                Arbitraries.integers().between(0, 159), Arbitraries.integers().between(0, 7))
            .as(List::of)
            .list()
            .uniqueElements(pair -> pair.get(0))
            .ofMaxSize(6);
    return Combinators.combine(
            Arbitraries.integers().between(1, 10),
            Arbitraries.of(1, 2, 4, 8),
            Arbitraries.of(1, 4, 16),
            Arbitraries.integers().between(0, LAYERS - 1),
            Arbitraries.integers().between(0, HEADS - 1),
            moved)
        .as(
            (s, kvp, run, l, h, m) ->
                Map.of("s", s, "kvp", kvp, "run", run, "l", l, "h", h, "moved", m));
  }

  /** Whether bets are read over, and those that were placed; option −1 is a skipped one. */
  @Provide
  Arbitrary<Map<String, Object>> bets() {
    Arbitrary<List<List<Integer>>> placed =
        Combinators.combine(
                Arbitraries.integers().between(1, 10), Arbitraries.integers().between(-1, 5))
            .as(List::of)
            .list()
            .uniqueElements(pair -> pair.get(0))
            .ofMaxSize(10);
    return Combinators.combine(Arbitraries.of("bets", "all"), placed)
        .as((read, bets) -> Map.of("read", read, "bets", bets));
  }

  @Provide
  Arbitrary<Map<String, Object>> words() {
    List<String> merges = SCRIPT.evaluated("[...MERGES.keys()]").as(STRINGS);
    Arbitrary<String> story =
        Arbitraries.strings().withChars("abz .?&=+%#-,é€").ofMinLength(1).ofMaxLength(40);
    return Combinators.combine(
            Arbitraries.of(merges),
            Arbitraries.of("en", "de"),
            Arbitraries.of("", "projector"),
            Arbitraries.of("6", "17", "bits"),
            story)
        .as(
            (m, lang, mode, digits, s) ->
                Map.of("m", m, "lang", lang, "mode", mode, "digits", digits, "story", s));
  }

  @Property(tries = 200, seed = "7314")
  void whatIsChosenSurvivesTheAddress(
      @ForAll("numbers") Map<String, Object> numbers,
      @ForAll("words") Map<String, Object> words,
      @ForAll("bets") Map<String, Object> bets)
      throws JsonProcessingException {
    Map<String, Object> chosen = new TreeMap<>(numbers);
    chosen.putAll(words);
    chosen.putAll(bets);
    List<String> found =
        SCRIPT
            .evaluated(THERE_AND_BACK)
            .execute(new ObjectMapper().writeValueAsString(chosen))
            .as(STRINGS);
    assertEquals(found.get(0), found.get(1));
    assertEquals("", found.get(2));
  }

  @Test
  void aStepsOwnChoicesSurviveTheAddress() {
    List<String> found =
        SCRIPT
            .evaluated(
                """
                ((choices) => {
                  const written = ownAddress({ tpa: 4, as: "ffn & experts", told: "x" }, choices);
                  const { own, refused } = readOwn("#s=9" + written, choices);
                  const wrong = readOwn("#tpa=3&as=none&told=x", choices);
                  return [JSON.stringify(own), refused.length, wrong.refused.map((one) => one.name)]
                    .map(String).concat(JSON.stringify(wrong.own));
                })({ tpa: [1, 2, 4, 8], as: ["attention", "ffn & experts"] })\
                """)
            .as(STRINGS);
    assertEquals(List.of("{\"tpa\":4,\"as\":\"ffn & experts\"}", "0", "told,tpa,as", "{}"), found);
  }

  /**
   * Names and values that are refused, in a step with two choices of its own, one of them a KVP.
   */
  private static final String REFUSED =
      """
      (address, query) => {
        const choices = { shards: { values: [1, 2, 4, 8], usual: 8, inPlaceOf: "kvp" }, score: [0, 14] };
        const config = { layers: 4, heads: 8, options: Array(10).fill(6) };
        const { refused } = readAddress(address, query, startOf({ story: "Ada ." }), config);
        return [...refused, ...readOwn(address, choices).refused]
          .map(({ name, given, possible }) => `${name}=${given} (${possible})`);
      }\
      """;

  @Test
  void noPartOfAnAddressIsPassedOverInSilence() {
    assertEquals(List.of(), refused("#s=8&kvp=1&shards=1&score=14&m=average", "?mode=plain"));
    assertEquals(List.of(), refused("#s=8&kvp=1", ""));
    assertEquals(List.of("kvp=64 (1, 2, 4, 8)"), refused("#s=8&kvp=64", ""));
    assertEquals(List.of("score=0 (score=14)"), refused("#score=0&score=14", ""));
    assertEquals(List.of("mode=big (projector, plain)"), refused("#mode=big", ""));
    assertEquals(List.of("kvp=2 (#kvp=…)", "x= (mode)"), refused("", "?kvp=2&x"));
    List<String> unknown = refused("#tpa=4", "");
    assertEquals(1, unknown.size());
    assertTrue(
        unknown.get(0).matches("tpa=4 \\(s, kvp, .*, mode, shards, score\\)"), unknown.get(0));
  }

  /**
   * What the page itself writes holds nothing that it refuses, whatever other steps have chosen.
   */
  @Test
  void aStepWithAKvpOfItsOwnReadsItsOwnAddress() {
    String written =
        SCRIPT
            .evaluated(
                "ownAddress({}, { shards: { values: [1, 8], usual: 8, inPlaceOf: 'kvp' }, tpa: [1]"
                    + " })")
            .asString();
    assertEquals("&shards=8", written);
    assertEquals(List.of(), refused("#s=8&kvp=2" + written, ""));
  }

  @Test
  void theNameOfAllStepsMeansAStepsOwnKvpUnlessThatIsGivenToo() {
    String choices = "{ shards: { values: [1, 2, 4, 8], usual: 8, inPlaceOf: 'kvp' } }";
    for (Map.Entry<String, Integer> address :
        Map.of("#s=8&kvp=2", 2, "#s=8&kvp=2&shards=4", 4).entrySet()) {
      String read = "readOwn('" + address.getKey() + "', " + choices + ").own.shards";
      assertEquals(address.getValue(), SCRIPT.evaluated(read).asInt(), address.getKey());
    }
  }

  private static List<String> refused(String address, String query) {
    return SCRIPT.evaluated(REFUSED).execute(address, query).as(STRINGS);
  }
}
