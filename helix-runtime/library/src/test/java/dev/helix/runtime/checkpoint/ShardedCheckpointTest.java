package dev.helix.runtime.checkpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.helix.tensor.InvalidInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ShardedCheckpointTest {
  private static final String NORM = "model.norm.weight";

  @TempDir Path directory;
  private final TinyLlama tiny = new TinyLlama();
  private final Map<String, String> weightMap = new HashMap<>();

  @BeforeEach
  void writeShards() throws IOException {
    tiny.writeShards(directory);
    for (String name : tiny.shapes.keySet()) {
      boolean first = name.startsWith("model.layers.0.");
      weightMap.put(name, first ? "first.safetensors" : "second.safetensors");
    }
  }

  @Test
  void theShardsTogetherAreTheModel() {
    try (Checkpoint checkpoint = Checkpoint.open(directory)) {
      for (String name : tiny.shapes.keySet()) {
        assertArrayEquals(tiny.numbers(name), checkpoint.read(name));
      }
    }
  }

  @Test
  void shardsMayLieInDirectoriesOfTheCheckpointAndBeLinks() throws IOException {
    Path away = Files.createDirectories(directory.resolve("parts"));
    Files.move(directory.resolve("first.safetensors"), away.resolve("first.safetensors"));
    weightMap.replaceAll((name, shard) -> shard.startsWith("first") ? "parts/" + shard : shard);
    TinyLlama.writeIndex(directory, weightMap);
    try (Checkpoint checkpoint = Checkpoint.open(directory)) {
      assertArrayEquals(tiny.numbers(NORM), checkpoint.read(NORM));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "third.safetensors | a file that is there",
        "../first.safetensors | a file inside the checkpoint's directory",
        "parts/../../first.safetensors | a file inside the checkpoint's directory",
        "/etc/hostname | a file inside the checkpoint's directory",
        "'' | a file inside the checkpoint's directory",
        ". | a file inside the checkpoint's directory",
        "first.safetensors | a file with this tensor",
      })
  void aShardThatCannotHoldTheTensorIsNamed(String shard, String expected) throws IOException {
    weightMap.put(NORM, shard);
    TinyLlama.writeIndex(directory, weightMap);
    refused(
        index() + ": weight_map." + NORM + ": expected " + expected + ", got \"" + shard + "\"");
  }

  @Test
  void aShardWhoseNameIsNoNameIsRefused() throws IOException {
    weightMap.put(NORM, "a\0b");
    TinyLlama.writeIndex(directory, weightMap);
    refused(index() + ": weight_map." + NORM + ": expected the name of a file, got \"a\\u0000b\"");
  }

  @Test
  void aTensorInTwoShardsIsRefused() {
    tiny.writeWeights(
        directory.resolve("first.safetensors"),
        name -> name.startsWith("model.layers.0.") || name.equals(NORM));
    InvalidInputException e =
        assertThrows(InvalidInputException.class, () -> Checkpoint.open(directory));
    String message = e.getMessage();
    String start = index() + ": tensor " + NORM + ": expected in one file, got in ";
    assertEquals(start, message.substring(0, start.length()));
    assertEquals(1, message.lines().count());
  }

  @Test
  void aTensorThatTheIndexDoesNotListIsMissing() throws IOException {
    weightMap.remove(NORM);
    TinyLlama.writeIndex(directory, weightMap);
    refused(index() + ": weight " + NORM + ": expected shape [4], got nothing");
  }

  @Test
  void anIndexWithoutAMapOfNamesIsRefused() throws IOException {
    Files.writeString(Path.of(index()), "{}");
    refused(index() + ": weight_map: expected an object, got nothing");
    Files.writeString(Path.of(index()), "{\"weight_map\":{\"a\":7}}");
    refused(index() + ": weight_map.a: expected a string, got 7");
    Files.writeString(Path.of(index()), "{\"weight_map\":");
    InvalidInputException e =
        assertThrows(InvalidInputException.class, () -> Checkpoint.open(directory));
    assertEquals(1, e.getMessage().lines().count());
  }

  @Test
  void aSpoiltShardIsNamed() throws IOException {
    Path shard = directory.resolve("first.safetensors");
    Files.write(shard, new byte[3]);
    refused(shard + ": expected 8 bytes of header length, got a file of 3 bytes");
  }

  @Test
  void oneFileOfAllWeightsGoesBeforeAnIndex() throws IOException {
    Files.writeString(Path.of(index()), "not read");
    tiny.write(directory);
    try (Checkpoint checkpoint = Checkpoint.open(directory)) {
      assertArrayEquals(tiny.numbers(NORM), checkpoint.read(NORM));
    }
  }

  private String index() {
    return directory.resolve("model.safetensors.index.json").toString();
  }

  private void refused(String message) {
    assertEquals(
        message,
        assertThrows(InvalidInputException.class, () -> Checkpoint.open(directory)).getMessage());
  }
}
