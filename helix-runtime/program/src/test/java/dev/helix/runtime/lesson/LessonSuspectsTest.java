package dev.helix.runtime.lesson;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.graalvm.polyglot.TypeLiteral;
import org.junit.jupiter.api.Test;

/** The merges A to F, of which the learner has to find the right one. */
class LessonSuspectsTest {
  private static final TypeLiteral<List<String>> STRINGS = new TypeLiteral<>() {};
  private static final LessonScript SCRIPT = LessonScript.load();
  private static final int STEP = 7;

  /** A learner who knows nothing of a merge but its letter can only guess. */
  @Test
  void everySuspectIsDescribedInBothLanguages() throws JsonProcessingException {
    int suspects = suspects().size();
    for (String language : List.of("en", "de")) {
      JsonNode strings = strings(language);
      Set<String> said = new HashSet<>();
      strings.get("suspects").forEach(one -> said.add(one.textValue()));
      assertEquals(suspects, strings.get("suspects").size(), language);
      assertEquals(suspects, said.size(), language + ": two are described alike");
      assertEquals(suspects, bet(strings).get("options").size(), language);
    }
    List<String> code =
        SCRIPT.evaluated("SUSPECTS.map(({ code }) => code.join('\\n'))").as(STRINGS);
    assertEquals(suspects, new HashSet<>(code).size());
  }

  @Test
  void everyLawThatIsTriedIsExplainedInBothLanguages() throws JsonProcessingException {
    List<String> laws = SCRIPT.evaluated("[...LAWS.keys()]").as(STRINGS);
    for (String language : List.of("en", "de")) {
      String tried = strings(language).get("play").get("tried").textValue();
      laws.forEach(law -> assertTrue(tried.contains(law + ": "), language + ": " + law));
    }
  }

  @Test
  void theRightOneIsTheOneThatBreaksNoLaw() throws JsonProcessingException {
    List<String> suspects = suspects();
    List<Integer> lawful =
        IntStream.range(0, suspects.size())
            .filter(
                i ->
                    SCRIPT
                            .of("brokenLaws")
                            .execute(SCRIPT.of("MERGES").invokeMember("get", suspects.get(i)))
                            .getArraySize()
                        == 0)
            .boxed()
            .toList();
    for (String language : List.of("en", "de")) {
      assertEquals(List.of(bet(strings(language)).get("right").intValue()), lawful, language);
    }
  }

  private static List<String> suspects() {
    return SCRIPT.evaluated("SUSPECTS.map(({ merge }) => merge)").as(STRINGS);
  }

  private static JsonNode bet(JsonNode strings) {
    return strings.get("steps").get(STEP - 1).get("bet");
  }

  private static JsonNode strings(String language) throws JsonProcessingException {
    return new ObjectMapper().readTree(LessonResources.text("strings." + language + ".json"));
  }
}
