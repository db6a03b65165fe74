package dev.helix.runtime.lesson;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.helix.attention.AttentionShape;
import dev.helix.attention.faults.merge.MergeFaults;
import dev.helix.attention.rotary.RotaryEmbedding;
import dev.helix.runtime.checkpoint.Checkpoint;
import dev.helix.runtime.checkpoint.ModelConfig;
import dev.helix.runtime.fault.SwitchableFaults;
import dev.helix.runtime.text.EmbeddedStory;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.stream.IntStream;

/** The numbers and words of the page. */
final class LessonData {
  /** The longest story of the page, and the new tokens. */
  private static final int POSITIONS = 176;

  private static final String MODEL = "recall-gqa";
  private static final List<String> LANGUAGES = List.of("en", "de");
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private LessonData() {}

  /** All data as JSON. */
  static String json() {
    try (Checkpoint checkpoint = Checkpoint.embedded(MODEL)) {
      ObjectNode data = MAPPER.createObjectNode();
      putModel(data, checkpoint);
      ArrayNode words = data.putArray("words");
      words(checkpoint).forEach(words::add);
      data.putObject("usual").put("story", EmbeddedStory.TEXT);
      data.set(
          "exact",
          MAPPER.valueToTree(new ExactStates(checkpoint, tokens(words(checkpoint))).layers()));
      putFaults(data);
      data.set("steps", MAPPER.valueToTree(LessonSteps.all()));
      ObjectNode strings = data.putObject("strings");
      for (String language : LANGUAGES) {
        strings.set(
            language, MAPPER.readTree(LessonResources.text("strings." + language + ".json")));
      }
      putCharts(data, strings);
      data.put("notices", LessonResources.text("notices.txt"));
      data.put("needleSource", ScriptModules.of(List.of("model/needle.js")));
      return MAPPER.writeValueAsString(data);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("the lesson's data are no JSON: " + e.getMessage(), e);
    }
  }

  private static void putModel(ObjectNode data, Checkpoint checkpoint) {
    ModelConfig config = checkpoint.config();
    AttentionShape shape = config.attention();
    data.putObject("config")
        .put("layers", config.layers())
        .put("heads", shape.queryHeads())
        .put("kvHeads", shape.kvHeads())
        .put("dim", shape.headDim())
        .put("epsilon", config.rmsNormEpsilon());
    byte[] weights =
        LessonResources.bytes("/dev/helix/runtime/models/" + MODEL + "/model.safetensors");
    data.put("weights", Base64.getEncoder().encodeToString(weights));
    RotaryEmbedding rotary = new RotaryEmbedding(config.rope(), shape.headDim());
    List<double[]> cosines = new ArrayList<>();
    List<double[]> sines = new ArrayList<>();
    for (int position = 0; position < POSITIONS; position++) {
      cosines.add(rotary.cosines(position));
      sines.add(rotary.sines(position));
    }
    data.put("cosines", Base64Doubles.of(cosines)).put("sines", Base64Doubles.of(sines));
  }

  private static List<String> words(Checkpoint checkpoint) throws JsonProcessingException {
    JsonNode ids;
    try {
      ids = MAPPER.readTree(checkpoint.tokenizerJson()).at("/model/vocab");
    } catch (IOException e) {
      throw new IllegalStateException("the embedded tokenizer is no JSON", e);
    }
    String[] words = new String[checkpoint.config().vocabularySize()];
    ids.properties().forEach(entry -> words[entry.getValue().intValue()] = entry.getKey());
    return List.of(words);
  }

  private static List<Integer> tokens(List<String> words) {
    List<Integer> tokens = new ArrayList<>(List.of(words.indexOf("<bos>")));
    Arrays.stream(EmbeddedStory.TEXT.split(" ")).map(words::indexOf).forEach(tokens::add);
    return tokens;
  }

  private static void putCharts(ObjectNode data, ObjectNode strings) {
    LessonCharts charts = new LessonCharts();
    ObjectNode drawn = data.putObject("charts");
    for (String language : LANGUAGES) {
      ChartWords words = new ChartWords(strings.get(language));
      ObjectNode own = drawn.putObject(language);
      charts.drawn(words).forEach((name, svg) -> own.put(name, shortInJson(svg)));
    }
    data.set("models", MAPPER.valueToTree(LessonFrontiers.MODELS));
    data.set("contexts", MAPPER.valueToTree(LessonFrontiers.CONTEXTS));
    data.set("batches", MAPPER.valueToTree(LessonFrontiers.BATCHES));
    data.set("charted", MAPPER.valueToTree(charts.charted()));
    data.set("gains", MAPPER.valueToTree(charts.gains()));
    data.set("unbeaten", MAPPER.valueToTree(charts.unbeaten()));
    data.set("times", MAPPER.valueToTree(charts.times()));
    data.put("digits", LessonCharts.DIGITS);
    data.put("gpus", LessonFrontiers.GPUS);
  }

  /**
   * A drawing with as few signs as JSON needs for it: single quotes want no escape, and lines no
   * indent. No text of a drawing has quotes that are not escaped.
   */
  private static String shortInJson(String svg) {
    return svg.replace('"', '\'').replaceAll("\n *", "\n").strip();
  }

  /** The kept table of the search over stories, with its sums. */
  private static void putFaults(ObjectNode data) throws JsonProcessingException {
    JsonNode rows = MAPPER.readTree(LessonResources.text("faults-and-text.json"));
    List<JsonNode> all = IntStream.range(0, rows.size()).mapToObj(rows::get).toList();
    List<JsonNode> acting =
        all.stream().filter(row -> !row.get("verified").booleanValue()).toList();
    data.putObject("faults")
        .put("all", all.size())
        .put("acting", acting.size())
        .put(
            "silent",
            acting.stream()
                .filter(row -> unchanged(row.get("roundRobin")) && unchanged(row.get("contiguous")))
                .count())
        .put("killed", all.stream().filter(row -> !row.get("laws").isEmpty()).count())
        .set("rows", rows);
    ObjectNode names = data.putObject("mergeNames");
    MergeFaults.all()
        .forEach(fault -> names.put(SwitchableFaults.key(fault), fault.story().name()));
  }

  private static boolean unchanged(JsonNode texts) {
    return texts.get("other").intValue() + texts.get("stopped").intValue() == 0;
  }
}
