package dev.helix.tests.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.helix.runtime.timing.machine.Machine;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code helix time} from outside: what it prints and writes, and what it refuses. */
class TimeCommandTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private static final Path PAGE =
      Path.of("..", "..", "helix-runtime", "program", "src", "site", "markdown", "time.md");

  @TempDir private Path directory;

  static Stream<Arguments> wrongArguments() {
    return Stream.of(
        arguments("--batch: must be between 1 and 65536, got 0", "--batch", "0"),
        arguments(
            "--batch: expected a whole number from 1 to 65536, got '9999999999'",
            "--batch",
            "9999999999"),
        arguments("--drafts: expected a whole number from 0 to 63, got", "--drafts=-9999999999"),
        arguments(
            "--kvp: KVP × TPA (1000000000 × 8) must be at most the 72 GPUs of one NVLink domain",
            "--kvp",
            "1000000000"),
        arguments(
            "--kvp: DP × KVP × TPA (8 × 20 × 8) must be at most the 72 GPUs of one NVLink domain",
            "--strategy=dp-ep",
            "--kvp=20"),
        arguments(
            "--pp: PP × TPA (1000 × 8) must be at most the 72 GPUs of one NVLink domain of GB200",
            "--strategy=tp-pp",
            "--pp=1000"),
        arguments(
            "--context: expected a whole number of 1 to 1073741824 tokens, got '0'",
            "--context",
            "0"),
        arguments("1 to 1073741824 tokens, got '1073741825'", "--context", "1073741825"),
        arguments("1 to 1073741824 tokens, got '2000M'", "--context", "2000M"),
        arguments("1 to 1073741824 tokens, got '9999999M'", "--context", "9999999M"),
        arguments("1 to 1073741824 tokens, got '99999999999'", "--context", "99999999999"),
        arguments("1 to 1073741824 tokens, got '1.0005k'", "--context", "1.0005k"),
        arguments("--context, --batch: llama-405b with 8", "--context", "1073741824"),
        arguments(
            "--context, --batch: expected fewer tokens; the FLOPs, elements or bytes of a step",
            "--context=1073741824",
            "--batch=65536",
            "--kv=bf16",
            "--kvp=1",
            "--tpa=1",
            "--allow-overflow"),
        arguments("such as 131072, 128k, 128Ki or 1M, got '-5'", "--context", "-5"),
        arguments("--kvp: has no effect with --strategy tp", "--strategy", "tp", "--kvp", "2"),
        arguments("--dp: has no effect with --strategy medha", "--strategy=medha", "--dp=2"),
        arguments("TPA (3) must divide the model's KV heads (8)", "--strategy=tp", "--tpa=3"),
        arguments(
            "DP (9) must be at most the number of requests (8)", "--strategy=dp-ep", "--dp=9"),
        arguments("micro-batches (9) must be at most", "--strategy=tp-pp", "--micro-batches=9"),
        arguments("the ranks of all widths (128) must be at most", "--strategy=tp", "--tpa=128"),
        arguments(
            "GB200 has 198.67 GB less a reserve of 10%: expected other widths (--kvp, --tpa, --tpf,"
                + " --ep; --allow",
            "--model=deepseek-r1", "--strategy=medha", "--tpf=1"),
        arguments("TPF × EP (3 × 1 = 3) must be a multiple", "--strategy=medha", "--tpf=3"),
        arguments("such as 131072, 128k, 128Ki or 1M, got '1T'", "--context", "1T"),
        arguments(
            "'llama-406b' is neither one of llama-405b, deepseek-r1", "--model", "llama-406b"),
        arguments("--preset: preset 'gold': expected one of paper", "--preset", "gold"),
        arguments("--gpu: GPU 'b300': expected one of gb200, gb300, b200, h200", "--gpu", "b300"),
        arguments(
            "(8 × 8 = 64) must be at most the 8 GPUs of one NVLink domain of B200",
            "--gpu",
            "b200"),
        arguments(
            "none of H200 behind it: expected one of paper, sol", "--gpu=h200", "--preset=silicon"),
        arguments("--weights: expected one of [nvfp4, fp8, bf16], got 'fp6'", "--weights", "fp6"),
        arguments("[nvfp4, fp8, bf16], got 'int4'", "--kv", "int4"),
        arguments(
            "--expert-weights: has no effect on a model without experts",
            "--expert-weights",
            "fp8"),
        arguments("[nvfp4, fp8, bf16], got 'f16'", "--attention-weights", "f16"),
        arguments("--hop-b: expected one of [on, off], got 'maybe'", "--hop-b", "maybe"),
        arguments("[per-piece, idealised], got 'none'", "--accounting", "none"),
        arguments("expected uniform, busiest or power-law, got 'even'", "--load", "even"),
        arguments("--tpa: TPA (16) must divide the model's KV", "--tpa", "16", "--kvp", "1"),
        arguments(
            "--tpa: MLA has one latent KV head: TPA must be 1",
            "--model",
            "deepseek-r1",
            "--tpa",
            "2",
            "--kvp",
            "8"),
        arguments("--tpf: TPF (3) must divide the KVP × TPA ranks (64)", "--tpf", "3"),
        arguments("--kvp: KVP × TPA (16 × 8 = 128) must be at most the 72", "--kvp", "16"),
        arguments("--validate: use the command calibration\n", "--validate", "--json", "x.json"),
        arguments("--seed: expected once, got twice", "--seed", "1", "--seed", "1"),
        arguments("--tpf, --ep: KVP × TPA (8 × 8 = 64) must equal", "--tpf", "2", "--ep", "2"),
        arguments(
            "--reserve: expected a percentage from 0 to below 100, got '100'", "--reserve=100"),
        arguments(
            "--reserve: expected a percentage from 0 to below 100, got 'NaN'", "--reserve=NaN"),
        arguments("--drafts: expected 0 to 63, got 64", "--drafts=64"),
        arguments("--acceptance: has no effect without --drafts", "--acceptance=0.5"),
        arguments("--acceptance: expected 0 to 1, got NaN", "--drafts=1", "--acceptance=NaN"),
        arguments(
            "--pieces: has no effect with --drafts", "--drafts=1", "--hop-b=on", "--pieces=2"),
        arguments("--allow-overflow: expected no value, got '3'", "--allow-overflow=3"),
        arguments("--trace: expected a file, got '-'", "--trace", "-"),
        arguments("--gpu: has no effect with --machine", "--machine", "x.json", "--gpu", "gb200"),
        arguments("--accounting: has no effect with --hop-b off", "--accounting", "idealised"),
        arguments("--pieces: has no effect with --hop-b off", "--pieces", "2"),
        arguments("[2, 4, 8, requests], got '3'", "--hop-b", "on", "--pieces", "3"),
        arguments(
            "--pieces: expected at least 2 pieces that divide the 6 requests of a group, got 4",
            "--hop-b=on",
            "--batch=6",
            "--pieces=4"),
        arguments("the 4 requests of a group, got 8", "--hop-b=on", "--batch=4", "--pieces=8"),
        arguments(
            "--pieces: expected as many requests in each of the 2 groups, got 9 requests in all",
            "--strategy=dp-ep",
            "--kvp=4",
            "--dp=2",
            "--batch=9",
            "--hop-b=on",
            "--pieces=2"),
        arguments(
            "--pieces: expected --load uniform, got --load busiest",
            "--model=deepseek-r1",
            "--load=busiest",
            "--hop-b=on",
            "--pieces=2"),
        arguments("--seed: has no effect with --load uniform", "--seed", "1"),
        arguments("--load: has no effect on llama-405b, which has no", "--load", "busiest"),
        arguments(
            "--json, --trace: expected two files, got './x.json' for both",
            "--json",
            "x.json",
            "--trace",
            "./x.json"),
        arguments("got an empty one", "--machine", ""),
        arguments(
            "--machine: no/such/machine.json: no such file", "--machine", "no/such/machine.json"),
        arguments("--trace: no/such/trace.json: its directory", "--trace", "no/such/trace.json"),
        arguments("--json: no/such/time.json: its directory", "--json", "no/such/time.json"));
  }

  @ParameterizedTest
  @MethodSource("wrongArguments")
  void aWrongArgumentIsOneLineThatSaysWhatWasExpected(String expected, List<String> arguments) {
    assertRefused(expected, arguments.toArray(String[]::new));
  }

  @Test
  void whatDoesNotFitIsRefusedWithTheFigure() {
    String[] large = {"--context", "10M", "--batch", "64", "--kv", "fp8"};
    assertRefused(
        "GB on a GPU, GB200 has 198.67 GB less a reserve of 10% (--allow-overflow", large);
    HelixProgram allowed = run(Stream.concat(Arrays.stream(large), Stream.of("--allow-overflow")));
    assertEquals(0, allowed.status(), allowed.err());
  }

  @Test
  void aMachineOfTheUsersOwnIsUsedAndCheckedFieldByField() throws IOException {
    ObjectNode machine = MAPPER.createObjectNode();
    machine.set("gpu", resource("gb200.json"));
    machine.set("preset", resource("paper.json"));
    Path file = directory.resolve("machine.json");
    Files.write(file, MAPPER.writeValueAsBytes(machine));
    String own = run("--machine", file.toString()).out();
    assertEquals(run("--preset", "paper").out(), own);

    ((ObjectNode) machine.at("/gpu/hbmBandwidth")).put("unit", "GB/s");
    Files.write(file, MAPPER.writeValueAsBytes(machine));
    assertRefused(
        "--machine: " + file + ": gpu.hbmBandwidth.unit: expected \"TB/s\", got \"GB/s\"",
        "--machine",
        file.toString());
  }

  @Test
  void aNumberOfAMachineThatIsNotFiniteIsNamedByItsField() throws IOException {
    ObjectNode machine = MAPPER.createObjectNode();
    machine.set("gpu", resource("gb200.json"));
    machine.set("preset", resource("paper.json"));
    ((ObjectNode) machine.at("/gpu/memory")).put("value", -12.5);
    Path file = directory.resolve("machine.json");
    Files.writeString(file, MAPPER.writeValueAsString(machine).replace("-12.5", "NaN"));
    assertRefused(
        ": gpu.memory.value: expected a finite number, got NaN", "--machine", file.toString());
  }

  @Test
  @DisabledOnOs(value = OS.WINDOWS, disabledReason = "no file has such a name there")
  void aNameThatIsNotOneLineIsRefused() throws IOException {
    Path model = Files.createDirectory(directory.resolve("two\nlines"));
    try (InputStream in =
        Machine.class.getResourceAsStream("/dev/helix/runtime/models/recall-gqa/config.json")) {
      Files.copy(in, model.resolve("config.json"));
    }
    String expected = "two\\u000Alines'";
    assertRefused(expected, "--model", model.toString());
    for (String option : List.of("--model", "--as")) {
      HelixProgram program = HelixProgram.run("decode", option, model.toString());
      program.assertRefused(option + ": expected a name without control characters, got '");
      assertTrue(program.err().contains(expected), program.err());
      assertEquals("", program.out());
    }
  }

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

  /** In pieces of one request each, times and ranges are those of the step by request. */
  @Test
  void everyTtlOfAFittedPresetHasItsRange() throws IOException {
    HelixProgram program = run("--preset=silicon", "--hop-b=on", "--pieces=requests", "--json=-");
    JsonNode time = MAPPER.readTree(program.out());
    double scale = time.at("/pieces/idealisedMicros").doubleValue();
    assertEquals(time.get("ttlMicros").doubleValue(), scale, 1e-9 * scale);
    for (String end : List.of("lowMicros", "highMicros")) {
      double whole = time.get("interval").get(end).doubleValue();
      assertEquals(whole, time.at("/pieces/idealisedInterval/" + end).doubleValue(), 1e-9 * whole);
      assertTrue(time.at("/pieces/perPieceInterval/" + end).doubleValue() > whole, end);
    }
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

  private static JsonNode resource(String name) throws IOException {
    try (InputStream in = Machine.class.getResourceAsStream(name)) {
      return MAPPER.readTree(in);
    }
  }

  private static HelixProgram run(String... arguments) {
    return run(Arrays.stream(arguments));
  }

  private static HelixProgram run(Stream<String> arguments) {
    return HelixProgram.run(Stream.concat(Stream.of("time"), arguments).toArray(String[]::new));
  }

  private static void assertRefused(String expected, String... arguments) {
    HelixProgram program = run(arguments);
    program.assertRefused(expected);
    assertEquals("", program.out());
  }

  private static Arguments arguments(String expected, String... arguments) {
    return Arguments.of(expected, List.of(arguments));
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
