package dev.helix.runtime.paper;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.helix.runtime.timing.machine.Machine;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * The preset {@code paper} stays as it was before the claims of Helix Parallelism were swept: 8 µs
 * for each exchange, 2 µs for each GEMM, and peaks for everything else. A constant that is added
 * later must change nothing.
 */
class FrozenPresetTest {
  @Test
  void aCollectiveTakesEightMicrosecondsAndAGemmTwo() throws IOException {
    JsonNode preset;
    try (InputStream file = Machine.class.getResourceAsStream("paper.json")) {
      preset = new ObjectMapper().readTree(file);
    }
    Map<String, JsonNode> constants = new TreeMap<>();
    collect("", preset, constants);
    assertTrue(constants.size() > 80, "all constants are found");
    constants.forEach(
        (name, constant) ->
            assertEquals(frozen(name, constant), constant.get("value").asDouble(), name));
  }

  private static double frozen(String name, JsonNode constant) {
    if (name.startsWith("/bytesPerElement/")) {
      Map<String, Double> bytes =
          Map.of("f64", 8.0, "f32", 4.0, "bf16", 2.0, "f16", 2.0, "fp8", 1.0, "fp4", 0.5);
      return bytes.get(name.substring(name.lastIndexOf('/') + 1));
    }
    if (name.endsWith("/leastArithmeticBits")) {
      return 4;
    }
    if (constant.get("unit").asText().equals("fraction")) {
      return 1;
    }
    if (name.startsWith("/transfers/") && name.contains("latency")) {
      return 8;
    }
    return name.equals("/launches/gemm/overhead") || name.equals("/launches/experts/overhead")
        ? 2
        : 0;
  }

  private static void collect(String path, JsonNode node, Map<String, JsonNode> constants) {
    if (node.has("value")) {
      constants.put(path, node);
      return;
    }
    node.properties()
        .forEach(field -> collect(path + "/" + field.getKey(), field.getValue(), constants));
  }
}
