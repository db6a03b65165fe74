package dev.helix.runtime.lesson;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The tables of words, one for each language of the page. */
class LessonWordsTest {
  private static final Pattern BRACES = Pattern.compile("\\{(\\w+)\\}");
  private static final Pattern TERM = Pattern.compile("\\[\\[(?:[^|\\]]+\\|)?([^|\\]]+)\\]\\]");

  @Test
  void everyTextIsThereInBothLanguagesWithTheSameFacts() throws JsonProcessingException {
    assertEquals(factsByPlace("en"), factsByPlace("de"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"en", "de"})
  void everyTermThatASentenceLinksIsInTheGlossaryOnce(String language)
      throws JsonProcessingException {
    JsonNode words = words(language);
    Set<String> terms = new HashSet<>();
    words
        .get("terms")
        .forEach(term -> assertTrue(terms.add(term.get(0).textValue()), term.toString()));
    Map<String, String> texts = texts(words);
    Set<String> linked = new TreeSet<>();
    texts
        .values()
        .forEach(text -> TERM.matcher(text).results().map(r -> r.group(1)).forEach(linked::add));
    assertFalse(linked.isEmpty());
    linked.removeAll(terms);
    assertEquals(Set.of(), linked);
  }

  /** The names in braces of each text, by its place in the table. */
  private static Map<String, List<String>> factsByPlace(String language)
      throws JsonProcessingException {
    Map<String, List<String>> facts = new TreeMap<>();
    texts(words(language))
        .forEach(
            (place, text) ->
                facts.put(
                    place,
                    BRACES
                        .matcher(text)
                        .results()
                        .map(r -> r.group(1))
                        .sorted()
                        .distinct()
                        .toList()));
    return facts;
  }

  private static JsonNode words(String language) throws JsonProcessingException {
    return new ObjectMapper().readTree(LessonResources.text("strings." + language + ".json"));
  }

  private static Map<String, String> texts(JsonNode words) {
    Map<String, String> texts = new TreeMap<>();
    collect("", words, texts);
    return texts;
  }

  private static void collect(String place, JsonNode node, Map<String, String> texts) {
    if (node.isContainerNode()) {
      node.properties()
          .forEach(entry -> collect(place + "/" + entry.getKey(), entry.getValue(), texts));
      for (int i = 0; node.isArray() && i < node.size(); i++) {
        collect(place + "/" + i, node.get(i), texts);
      }
    } else {
      texts.put(place, node.asText());
    }
  }
}
