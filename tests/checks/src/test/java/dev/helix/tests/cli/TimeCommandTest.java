package dev.helix.tests.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code helix time} from outside: what it prints and writes. */
class TimeCommandTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private static final Path PAGE =
      Path.of("..", "..", "helix-runtime", "program", "src", "site", "markdown", "time.md");

  @TempDir private Path directory;

  @Test
  void bothFilesAreWrittenWholeAndNothingBesideThem() throws IOException {
    Path json = directory.resolve("time.json");
    Path trace = directory.resolve("trace.json");
    HelixProgram program =
        run("--json", json.toString(), "--trace", trace.toString(), "--hop-b", "on");
    assertEquals(0, program.status(), program.err());
    JsonNode time = MAPPER.readTree(Files.readAllBytes(json));
    for (String field :
        List.of(
            "/ttlMicros",
            "/tokensPerSecondPerUser",
            "/tokensPerSecondPerGpu",
            "/memory/fullest/totalBytes")) {
      assertTrue(time.at(field).doubleValue() > 0, field);
    }
    assertEquals("flashDecode", operation(time, 5).get("name").textValue());
    assertEquals(8, operation(time, 5).get("count").intValue());
    assertTrue(MAPPER.readTree(Files.readAllBytes(trace)).get("traceEvents").size() > 1000);
    try (Stream<Path> files = Files.list(directory)) {
      assertEquals(2, files.count());
    }
  }

  /** In equal pieces the range is that of the step by request in the same accounting, to scale. */
  @ParameterizedTest
  @ValueSource(strings = {"idealised", "per-piece"})
  void aStepInPiecesHasTheRangeOfTheStepByRequestToScale(String accounting) throws IOException {
    HelixProgram program =
        run("--preset=silicon", "--hop-b=on", "--pieces=2", "--json=-", "--accounting", accounting);
    JsonNode time = MAPPER.readTree(program.out());
    String name = accounting.equals("idealised") ? "idealised" : "perPiece";
    double micros = time.at("/pieces/%sMicros".formatted(name)).doubleValue();
    double scale = micros / time.get("ttlMicros").doubleValue();
    // Two pieces and eight: what does not scale is seen.
    assertTrue(Math.abs(scale - 1) > 1e-3, program.out());
    for (String end : List.of("lowMicros", "highMicros")) {
      double expected = scale * time.get("interval").get(end).doubleValue();
      double range = time.at("/pieces/%sInterval/%s".formatted(name, end)).doubleValue();
      assertEquals(expected, range, 1e-9 * expected);
    }
  }

  /** In pieces of one request each, times are those of the step by request. */
  @Test
  void everyTtlOfAFittedPresetHasItsRange() throws IOException {
    HelixProgram program = run("--preset=silicon", "--hop-b=on", "--pieces=requests", "--json=-");
    JsonNode time = MAPPER.readTree(program.out());
    double ttl = time.get("ttlMicros").doubleValue();
    assertEquals(ttl, time.at("/pieces/idealisedMicros").doubleValue(), 1e-9 * ttl);
    HelixProgram text = run("--preset=silicon", "--hop-b=on", "--pieces=2");
    assertTrue(
        text.out().matches("(?s).*with per-piece the TTL is \\S+ µs \\(\\S+ to \\S+\\)\n.*"),
        text.out());
    String rough = "\\S+ µs \\(roughly \\S+ to \\S+\\)";
    assertTrue(
        text.out()
            .matches("(?s).*pieces: TTL " + rough + " idealised, " + rough + " per-piece\n.*"),
        text.out());
  }

  private static JsonNode operation(JsonNode time, int index) {
    return time.get("operations").get(index);
  }

  @Test
  void aDecodeSaysWhatItsOperationsTakeAtTheSizeOfALargeModel() {
    HelixProgram program =
        HelixProgram.run("decode", "--max-new", "1", "--as", "deepseek-r1", "--context", "128k");
    assertEquals(0, program.status(), program.err());
    assertTrue(
        program.out().contains("one step as deepseek-r1, KVP 64 x TPA 1, TPF 1 x EP 64"),
        program.out());
    assertTrue(program.out().contains("launches"), program.out());
    HelixProgram wrong = HelixProgram.run("decode", "--max-new", "1", "--as", "deepseek-r2");
    assertEquals(2, wrong.status());
    assertEquals("", wrong.out());
    assertTrue(wrong.err().startsWith("helix: --as: 'deepseek-r2' is neither"), wrong.err());
  }

  @Test
  void theSizesOfContextsAreThoseOfTheirUnits() {
    assertEquals(run("--context", "131072").out(), run("--context", "128Ki").out());
    assertEquals(run("--context", "1M").out(), run("--context", "1000k").out());
    assertEquals(run("--context", "1m").out(), run("--context", "1000K").out());
    assertEquals(run("--context", "1Mi").out(), run("--context", "1024ki").out());
  }

  @ParameterizedTest
  @CsvSource({"recall-gqa, KVP 4 x TPA 2", "recall-mla, KVP 8 x TPA 1"})
  void anEmbeddedModelHasALayoutThatFits(String model, String layout) {
    HelixProgram program = run("--model", model);
    assertEquals(0, program.status(), program.err());
    assertTrue(program.out().startsWith(model + " on 8 GB200, paper: " + layout), program.out());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "tp | on 8 GB200, paper: tp, KVP 1 x TPA 8, TPF 8 x EP 1",
        "tp-pp | on 16 GB200, paper: tp-pp, PP 2, micro-batches 1, KVP 1 x TPA 8, TPF 8 x EP 1",
        "dp-ep | on 64 GB200, paper: dp-ep, DP 8 x KVP 1 x TPA 8, TPF 8 x EP 1",
        "medha | on 64 GB200, paper: medha, KVP 8 x TPA 8, fixed group TPF 8 x EP 1"
      })
  void everyStrategyIsTimedWithWidthsOfItsOwn(String strategy, String spread) {
    HelixProgram program = run("--strategy", strategy);
    assertEquals(0, program.status(), program.err());
    assertTrue(program.out().startsWith("llama-405b " + spread), program.out());
    assertTrue(program.out().contains("TTL "), program.out());
  }

  /** The weights do not fit on one GPU, which is as wide as TPA. */
  @Test
  void theFixedGroupOfMedhaIsWideEnoughForTheWeightsOfDeepSeekR1() {
    HelixProgram program = run("--model", "deepseek-r1", "--strategy", "medha");
    assertEquals(0, program.status(), program.err());
    assertTrue(
        program.out().contains("medha, KVP 64 x TPA 1, fixed group TPF 8 x EP 1;"), program.out());
  }

  @Test
  void theQuestionHasAllThatWasAsked() throws IOException {
    Path json = directory.resolve("question.json");
    String[] asked = {
      "--model", "deepseek-r1", "--load", "busiest", "--seed", "7", "--context", "128k",
    };
    HelixProgram program =
        run(Stream.concat(Arrays.stream(asked), Stream.of("--json", json.toString())));
    assertEquals(0, program.status(), program.err());
    JsonNode question = MAPPER.readTree(Files.readAllBytes(json)).get("question");
    assertEquals("busiest", question.get("load").textValue());
    assertEquals(7, question.get("seed").longValue());
    assertEquals(128_000, question.get("context").intValue());
    assertFalse(question.get("allowOverflow").booleanValue());
  }

  @Test
  void theSiliconPresetIsTheOneThatIsHeldAgainstMeasurementsAndOwnsUpToTwoMissedPromises() {
    HelixProgram program = HelixProgram.run("calibration");
    assertEquals(1, program.status(), program.out());
    assertEquals(HelixProgram.run("calibration", "--preset", "silicon").out(), program.out());
    assertEquals(2, program.out().lines().filter(line -> line.endsWith("MISSED")).count());
    assertTrue(
        program
            .out()
            .endsWith("\n2 of 23 promises are missed: GQA, SGLang; experts, TensorRT-LLM\n"),
        program.out());
    HelixProgram light = HelixProgram.run("calibration", "--preset", "sol");
    assertEquals(1, light.status());
    assertTrue(light.out().contains("MISSED"), light.out());
  }

  /** What the manual says of the two models, in milliseconds and tokens/s/user. */
  @ParameterizedTest
  @CsvSource({
    "llama-405b, paper",
    "llama-405b, silicon",
    "deepseek-r1, paper",
    "deepseek-r1, silicon"
  })
  void theManualsFiguresOfTheTwoModelsAreThoseOfTheProgram(String model, String preset)
      throws IOException {
    JsonNode off = figures(model, preset, "off", "idealised");
    JsonNode on = figures(model, preset, "on", "idealised");
    double perPiece = figures(model, preset, "on", "per-piece").get("ttlMicros").doubleValue();
    String cells =
        "| `%s` | %s | %s | %s |"
            .formatted(
                preset,
                cell(off),
                cell(on),
                String.format(Locale.ROOT, perPiece < 1e4 ? "%.2f" : "%.1f", perPiece / 1000));
    assertTrue(Files.readString(PAGE).contains(cells), cells);
  }

  private JsonNode figures(String model, String preset, String hopB, String accounting)
      throws IOException {
    Path json = directory.resolve("figures.json");
    Stream<String> asked =
        Stream.of("--model", model, "--preset", preset, "--hop-b", hopB, "--json", json.toString());
    HelixProgram program =
        run(
            hopB.equals("on")
                ? Stream.concat(asked, Stream.of("--accounting", accounting))
                : asked);
    assertEquals(0, program.status(), program.err());
    return MAPPER.readTree(Files.readAllBytes(json));
  }

  private static String cell(JsonNode figures) {
    return String.format(
        Locale.ROOT,
        "%.2f (%.0f)",
        figures.get("ttlMicros").doubleValue() / 1000,
        figures.get("tokensPerSecondPerUser").doubleValue());
  }

  private static HelixProgram run(String... arguments) {
    return run(Arrays.stream(arguments));
  }

  private static HelixProgram run(Stream<String> arguments) {
    return HelixProgram.run(Stream.concat(Stream.of("time"), arguments).toArray(String[]::new));
  }

  /** Each rank has the projections of its heads, its columns of W_O, and its rows of the head. */
  @Test
  void eachKindOfWeightHasAPrecisionOfItsOwn() throws IOException {
    long ofAttention = 126 * (16384L * (2048 + 2 * 128) + 16384 * 256) + 2004L * 16384;
    long ofFfns = 126 * 3 * 16384L * 53248 / 64;
    long fp4 = weights();
    // From four bits to two bytes: the preset of the paper counts no scales of blocks.
    assertEquals(fp4 + ofAttention * 3 / 2, weights("--attention-weights", "bf16"));
    assertEquals(fp4 + ofFfns * 3 / 2, weights("--ffn-weights", "bf16"));
    assertEquals(
        weights("--weights", "bf16"),
        weights("--attention-weights", "bf16", "--ffn-weights", "bf16"));
  }

  private static long weights(String... options) throws IOException {
    String[] all =
        Stream.concat(Stream.of("time", "--json", "-", "--allow-overflow"), Stream.of(options))
            .toArray(String[]::new);
    long bytes = 0;
    for (var item :
        MAPPER.readTree(HelixProgram.run(all).out()).at("/memory/fullest/items").properties()) {
      bytes += item.getKey().endsWith("weights") ? item.getValue().longValue() : 0;
    }
    return bytes;
  }
}
