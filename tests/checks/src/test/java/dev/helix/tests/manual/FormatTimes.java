package dev.helix.tests.manual;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.helix.tests.cli.HelixProgram;
import java.util.List;
import java.util.Locale;

/** What {@code time} says of both models of the paper in each format of cache and weights. */
final class FormatTimes {
  private static final List<String> FORMATS = List.of("nvfp4", "fp8", "bf16");

  private FormatTimes() {}

  /** A row for each model and format of the cache, a column for each format of the weights. */
  static String table() {
    MarkdownTable table =
        new MarkdownTable(
            "model", "KV cache", "weights in `nvfp4`", "weights in `fp8`", "weights in `bf16`");
    for (String model : List.of("llama-405b", "deepseek-r1")) {
      for (String cache : FORMATS) {
        List<String> cells = FORMATS.stream().map(weights -> cell(model, cache, weights)).toList();
        table.row("`" + model + "`", "`" + cache + "`", cells.get(0), cells.get(1), cells.get(2));
      }
    }
    return table.toString();
  }

  private static String cell(String model, String cache, String weights) {
    HelixProgram program =
        HelixProgram.run(
            "time",
            "--preset=silicon",
            "--model=" + model,
            "--kv=" + cache,
            "--weights=" + weights,
            "--json=-");
    try {
      JsonNode report = new ObjectMapper().readTree(program.out());
      return String.format(
          Locale.ROOT,
          "%.2f (%.0f)",
          report.get("ttlMicros").asDouble() / 1e3,
          report.at("/memory/fullest/totalBytes").asDouble() / 1e9);
    } catch (JsonProcessingException e) {
      throw new AssertionError(program.err(), e);
    }
  }
}
