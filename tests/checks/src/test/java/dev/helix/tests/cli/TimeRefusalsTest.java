package dev.helix.tests.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
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
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What {@code helix time} refuses, in one line that says what was expected. */
class TimeRefusalsTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();

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
            "--pieces: expected at least 2 pieces that divide the 1 requests of a group, got 1",
            "--hop-b=on",
            "--batch=1",
            "--pieces=requests"),
        arguments(
            "--pieces: expected a KVP of at least 2, as there is no exchange to hide with KVP 1",
            "--hop-b=on",
            "--batch=2",
            "--kvp=1",
            "--tpf=8",
            "--pieces=2"),
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
}
