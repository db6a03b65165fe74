package dev.helix.tests.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.helix.tensor.DType;
import dev.helix.tensor.io.SafetensorsWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each thing that a user can get wrong: one line, status 2, and nothing left behind. */
class BadInputTest {
  @TempDir private Path directory;

  static Stream<Arguments> wrongArguments() {
    String tooLong = String.join(",", IntStream.range(0, 1000).mapToObj(i -> "5").toList());
    return Stream.of(
        arguments("--tpa: TPA (3) must divide the model's KV heads (4)", "--tpa", "3"),
        arguments(
            "--kvp, --tpa: KVP × TPA (3 × 1 = 3) must divide the model's query heads (8)",
            "--kvp",
            "3",
            "--tpa",
            "1"),
        arguments("--kvp: must be at least 1, got 0", "--kvp", "0"),
        arguments(
            "--kvp, --tpa: KVP × TPA (65536 × 65536) must be at most",
            "--kvp",
            "65536",
            "--tpa",
            "65536"),
        arguments("--kvp: expected a whole number, got 'x' (see", "--kvp", "x"),
        arguments("--kvp: expected a smaller number, got '9999999999' (see", "--kvp", "9999999999"),
        arguments("--kvp: expected a greater number, got '-9999999999'", "--kvp=-9999999999"),
        arguments("--kvp: expected N, got nothing", "--kvp"),
        arguments("--kvp: expected once, got twice", "--kvp", "4", "--kvp", "4"),
        arguments("--oracle: expected once, got twice", "--oracle", "--oracle"),
        arguments(
            "--placement: expected one of [round-robin, contiguous], got 'zigzag'",
            "--placement",
            "zigzag"),
        arguments(
            "--fault: no fault 'lse base 2' can be switched on in a decode; the nearest are"
                + " base-2-lse-merged-as-base-e,",
            "--fault",
            "lse base 2"),
        arguments(
            "--fault: no fault 'base-base-2' can be switched on in a decode; the nearest are",
            "--fault",
            "base-base-2"),
        arguments(
            "--fault: no fault 'nosuch' can be switched on in a decode; nothing is called like it,"
                + " and helix museum --list tells of all",
            "--fault",
            "nosuch"),
        arguments("--fault-layer: has no effect without --fault", "--fault-layer", "1"),
        arguments(
            "--fault-rank: expected 0 to 7, got 8",
            "--fault",
            "base-2 LSE merged as base e",
            "--fault-rank",
            "8"),
        arguments(
            "--fault: expected --reading fp64 or counting, got exact; the fault rewrites doubles, ",
            "--fault",
            "a window one key short",
            "--reading",
            "exact"),
        arguments(
            "--fault: 'routed scale applied twice' is a fault of the experts, which a decode"
                + " always",
            "--fault",
            "routed scale applied twice"),
        arguments(
            "--fault: expected --strategy helix, got tp; the faults are those of Helix's merge,",
            "--fault",
            "base-2-lse-merged-as-base-e",
            "--strategy",
            "tp"),
        arguments("--hop-b: expected one of [on, off], got 'yes'", "--hop-b", "yes"),
        arguments("--kv: expected one of [fp64, bf16, fp8, fp8-ds-mla,", "--kv", "fp4"),
        arguments(
            "--kv: KV cache in fp8-ds-mla: expected latent attention, got grouped-query",
            "--kv",
            "fp8-ds-mla"),
        arguments(
            "--kv: KV cache in fp8-ds-mla: expected a latent of 512 and a rotary key of 64, got 64",
            "--kv",
            "fp8-ds-mla",
            "--model",
            "recall-mla"),
        arguments(
            "--kv: KV cache in mxfp4: blocks of 32 must divide the model's rotary key (16)",
            "--kv",
            "mxfp4",
            "--model",
            "recall-mla"),
        arguments("--weights: expected one of [as-stored, fp8, mxfp8,", "--weights", "int4"),
        arguments("--run-length: must be at least 1, got 0", "--run-length", "0"),
        arguments("expected fp64, exact, counting or oracle, got 'fp8'", "--reading", "fp8"),
        arguments("--max-new: must be at least 1, got 0", "--max-new", "0"),
        arguments("--tokens: request 0: token 74 is not in the vocabulary", "--tokens", "1,74"),
        arguments("--tokens: request 0: token -1 is not in the vocabulary", "--tokens", "-1"),
        arguments("got 'a' in 'a,b'", "--tokens", "a,b"),
        arguments("got '' in '1,,2'", "--tokens", "1,,2"),
        arguments("got an empty prompt", "--prompt", " "),
        arguments("--tokens: request 0: a prompt of 1000 tokens and 32", "--tokens", tooLong),
        arguments("'recall' is neither an embedded model", "--model", "recall"),
        arguments("--kpv: there is no such option", "--kpv", "4"),
        arguments("'4': expected options alone", "4"),
        arguments("--all-layouts: use the command layouts\n", "--all-layouts", "--kvp", "4"),
        arguments("--oracle: expected a verified run, got --no-verify", "--oracle", "--no-verify"),
        arguments("--convention: has no effect without --dump", "--convention", "ring"),
        arguments("--dump-step: has no effect without --dump", "--dump-step", "0"),
        arguments(
            "--convention: expected flashinfer, vllm-dcp, ",
            "--dump",
            "target/never",
            "--convention",
            "vllm"),
        arguments(
            "--dump-step: expected at least 0, got -1",
            "--dump",
            "target/never",
            "--dump-step",
            "-1"),
        arguments(
            "--oracle: expected a verified run, got --convention",
            "--oracle",
            "--dump",
            "target/never",
            "--convention",
            "ring"),
        arguments("--context: has no effect without --as", "--context", "1M"),
        arguments("--batch: has no effect without --as", "--batch", "8"),
        arguments(
            "--run-length: has no effect with KVP 1, where one shard keeps every token",
            "--kvp",
            "1",
            "--run-length",
            "16"),
        arguments(
            "--placement: has no effect with KVP 1, where one shard keeps every token",
            "--kvp",
            "1",
            "--placement",
            "contiguous"),
        arguments(
            "--run-length: has no effect with --placement contiguous",
            "--run-length",
            "16",
            "--placement",
            "contiguous"),
        arguments("--json: no/such/place.json: its directory", "--json", "no/such/place.json"));
  }

  @ParameterizedTest
  @MethodSource("wrongArguments")
  void aWrongArgumentIsOneLineThatSaysWhatWasExpected(String expected, List<String> arguments) {
    assertRefused(expected, arguments.toArray(String[]::new));
  }

  @Test
  void noCommandIsOneLine() {
    assertOneLine(HelixProgram.run(), "expected a command");
    assertOneLine(HelixProgram.run("foo"), "'foo': expected a command, one of [decode, layouts,");
  }

  @Test
  void aDirectoryWithoutPromptAsksForOne() throws IOException {
    copyModel();
    assertRefused("--prompt, --tokens: no prompt: expected", "--model", directory.toString());
  }

  @Test
  void aDirectoryInPlaceOfTheJsonFileIsRefused() {
    assertRefused(
        "--json: %s: expected a file".formatted(directory), "--json", directory.toString());
  }

  @Test
  void aPlaceThatTakesNoFileIsRefusedBeforeTheRun() {
    // A name of which there is no room for the part that is written beside it.
    Path json = directory.resolve("x".repeat(250));
    HelixProgram program = HelixProgram.run("decode", "--json", json.toString());
    assertOneLine(program, "cannot be written");
    assertFalse(program.err().contains("java."), program.err());
    assertEquals("", program.out());
  }

  @Test
  void aTruncatedWeightFileIsRefused() throws IOException {
    copyModel();
    Path weights = directory.resolve("model.safetensors");
    byte[] bytes = Files.readAllBytes(weights);
    Files.write(weights, Arrays.copyOf(bytes, bytes.length - 1));
    assertModelRefused("model.safetensors");
  }

  @Test
  void anAbsurdHeaderLengthIsRefused() throws IOException {
    copyModel();
    byte[] bytes =
        ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN).putLong(Long.MIN_VALUE).array();
    Files.write(directory.resolve("model.safetensors"), bytes);
    assertModelRefused("model.safetensors");
  }

  @Test
  void aMissingWeightIsNamed() throws IOException {
    copyModel();
    SafetensorsWriter writer = new SafetensorsWriter();
    writer.tensor("model.norm.weight", DType.F32, List.of(128), new double[128]);
    writer.write(directory.resolve("model.safetensors"));
    assertModelRefused("model.embed_tokens.weight");
  }

  @Test
  void anUnknownArchitectureIsNamed() throws IOException {
    copyModel();
    Path config = directory.resolve("config.json");
    String text = Files.readString(config).replace("LlamaForCausalLM", "GPT2LMHeadModel");
    Files.writeString(config, text);
    assertModelRefused("GPT2LMHeadModel");
  }

  @Test
  void noPartOfAReportRemainsWhenTheRunIsRefused() throws IOException {
    Path json = directory.resolve("report.json");
    assertRefused("--tpa: TPA (3)", "--tpa", "3", "--json", json.toString());
    try (Stream<Path> files = Files.list(directory)) {
      assertEquals(List.of(), files.toList());
    }
  }

  private void assertModelRefused(String expected) {
    assertRefused("--model: " + directory, "--model", directory.toString(), "--tokens", "1,2");
    assertRefused(expected, "--model", directory.toString(), "--tokens", "1,2");
  }

  private static void assertRefused(String expected, String... arguments) {
    String[] all =
        Stream.concat(Stream.of("decode"), Arrays.stream(arguments)).toArray(String[]::new);
    assertOneLine(HelixProgram.run(all), expected);
  }

  private static void assertOneLine(HelixProgram program, String expected) {
    program.assertRefused(expected);
    assertFalse(program.out().contains("verified"), program.out());
  }

  private static Arguments arguments(String expected, String... arguments) {
    return Arguments.of(expected, List.of(arguments));
  }

  private void copyModel() throws IOException {
    for (String file : List.of("config.json", "model.safetensors", "tokenizer.json")) {
      String resource = "/dev/helix/runtime/models/recall-gqa/" + file;
      try (var in = BadInputTest.class.getResourceAsStream(resource)) {
        Files.write(directory.resolve(file), in.readAllBytes());
      }
    }
    assertTrue(
        Files.readString(directory.resolve("config.json"), StandardCharsets.UTF_8)
            .contains("LlamaForCausalLM"));
  }
}
