package dev.helix.tests.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A model's folder without a {@code tokenizer.json}: token ids in, token ids out. */
class NoTokenizerTest {
  private static final String EMBEDDED = "recall-gqa";

  @TempDir private Path folder;

  @BeforeEach
  void copyModel() throws IOException {
    for (String file : List.of("config.json", "model.safetensors")) {
      String resource = "/dev/helix/runtime/models/" + EMBEDDED + "/" + file;
      try (var in = NoTokenizerTest.class.getResourceAsStream(resource)) {
        Files.copy(in, folder.resolve(file));
      }
    }
  }

  @Test
  void tokenIdsAreDecodedAndPrintedAsIds() throws IOException {
    Path report = folder.resolve("report.json");
    HelixProgram program =
        decode(folder.toString(), "--tokens", "1,15,16", "--json", report.toString());
    assertEquals(0, program.status(), program.err());
    JsonNode request = new ObjectMapper().readTree(report.toFile()).get("requests").get(0);
    List<String> ids = new ArrayList<>();
    request.get("newTokens").forEach(id -> ids.add(id.asText()));
    String expected = "request 0> 1 15 16%n %s%n".formatted(String.join(" ", ids));
    assertTrue(program.out().contains(expected), program.out());
    assertFalse(request.has("text"));

    Path embedded = folder.resolve("embedded.json");
    decode(EMBEDDED, "--tokens", "1,15,16", "--json", embedded.toString());
    JsonNode same = new ObjectMapper().readTree(embedded.toFile()).get("requests").get(0);
    assertEquals(same.get("logitsSha256"), request.get("logitsSha256"));
    assertTrue(same.has("text"));
  }

  /** The prompt is not empty; the file replaces each of its characters by nothing. */
  @Test
  void aTokenizerThatMakesNothingOfATextIsNamed() throws IOException {
    Path tokenizer = folder.resolve("tokenizer.json");
    Files.writeString(
        tokenizer,
        """
        {"version": "1.0", "added_tokens": [],
         "normalizer": {"type": "Replace", "pattern": {"Regex": "."}, "content": ""},
         "pre_tokenizer": {"type": "Whitespace"},
         "model": {"type": "WordLevel", "vocab": {"a": 0, "<unk>": 1}, "unk_token": "<unk>"}}
        """);
    decode(folder.toString(), "--prompt", "Where")
        .assertRefused("--prompt: " + tokenizer + " makes no token of it, expected at least one");
  }

  @Test
  void aTextIsRefusedByTheFileThatIsMissing() {
    for (String[] prompts :
        new String[][] {{"--prompt", "Where"}, {"--tokens", "1", "--prompt", "Where"}}) {
      decode(folder.toString(), prompts)
          .assertRefused("--model: " + folder.resolve("tokenizer.json") + ": no such file");
    }
  }

  private static HelixProgram decode(String model, String... arguments) {
    return HelixProgram.run(
        Stream.concat(
                Stream.of("decode", "--model", model, "--max-new", "2", "--no-verify"),
                Stream.of(arguments))
            .toArray(String[]::new));
  }
}
