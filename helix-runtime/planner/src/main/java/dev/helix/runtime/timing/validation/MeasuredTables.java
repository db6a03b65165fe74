package dev.helix.runtime.timing.validation;

import dev.helix.runtime.timing.validation.Measurement.Part;
import dev.helix.tensor.io.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The rows of {@code tables.csv}, which were drawn at random from public tables of measurements.
 * The file's first line names their source.
 *
 * <p>{@link Draw} says which part a row belongs to, for each word of the column {@code family} by
 * itself.
 */
final class MeasuredTables {
  private static final String FILE = "tables.csv";
  private static final String SOURCE = "# source: ";
  private static final String TIME = "measured_us";

  /** The words by which labels name the columns with sizes. */
  private static final Map<String, String> WORDS =
      Map.ofEntries(
          Map.entry("m", "m"),
          Map.entry("n", "n"),
          Map.entry("k", "k"),
          Map.entry("batch_size", "batch"),
          Map.entry("num_heads", "heads"),
          Map.entry("num_key_value_heads", "KV heads"),
          Map.entry("step", "cached"),
          Map.entry("num_gpus", "gpus"),
          Map.entry("bytes", "bytes"),
          Map.entry("num_tokens", "tokens"),
          Map.entry("moe_ep_size", "ep"),
          Map.entry("moe_tp_size", "tp"));

  private MeasuredTables() {}

  /** All rows, in the order of the file. */
  static List<Measurement> read() {
    List<String> lines = lines();
    String source = lines.get(0).substring(SOURCE.length());
    List<String> rows = lines.stream().filter(line -> !line.startsWith("#")).toList();
    List<String> columns = List.of(rows.get(0).split(",", -1));
    List<String> measured = rows.subList(1, rows.size());
    Map<String, Part> parts = parts(measured);
    List<Measurement> measurements = new ArrayList<>();
    for (String row : measured) {
      List<String> cells = List.of(row.split(",", -1));
      Map<String, String> values = new LinkedHashMap<>();
      for (int i = 0; i < columns.size(); i++) {
        if (!cells.get(i).isEmpty()) {
          values.put(columns.get(i), cells.get(i));
        }
      }
      TableFamily family = TableFamily.of(values.get("family"));
      measurements.add(
          new Measurement(
              family.name(),
              family.kind(),
              source,
              parts.get(sizes(row)),
              label(values),
              micros(values),
              fields(values)));
    }
    return measurements;
  }

  private static double micros(Map<String, String> values) {
    return Double.parseDouble(values.get(TIME));
  }

  /** The part of each row, by the row without its measured time. */
  private static Map<String, Part> parts(List<String> rows) {
    Map<String, Part> parts = new HashMap<>();
    rows.stream()
        .map(MeasuredTables::sizes)
        .collect(Collectors.groupingBy(row -> row.substring(0, row.indexOf(','))))
        .forEach((family, own) -> parts.putAll(Draw.deal(own)));
    return parts;
  }

  /** A row without its measured time, which stands in the second column. */
  private static String sizes(String row) {
    List<String> cells = new ArrayList<>(List.of(row.split(",", -1)));
    cells.remove(1);
    return String.join(",", cells);
  }

  private static String label(Map<String, String> values) {
    return values.entrySet().stream()
        .filter(value -> WORDS.containsKey(value.getKey()))
        .map(value -> WORDS.get(value.getKey()) + " " + value.getValue())
        .collect(Collectors.joining(", ", values.get("family") + ": ", ""));
  }

  private static JsonObject fields(Map<String, String> values) {
    String json =
        values.entrySet().stream()
            .map(value -> "\"%s\": %s".formatted(value.getKey(), json(value.getValue())))
            .collect(Collectors.joining(", ", "{", "}"));
    return JsonObject.parse(FILE, json.getBytes(StandardCharsets.UTF_8));
  }

  private static String json(String cell) {
    return cell.matches("\\d+(\\.\\d+)?") ? cell : "\"" + cell + "\"";
  }

  private static List<String> lines() {
    try (InputStream in = MeasuredTables.class.getResourceAsStream(FILE)) {
      if (in == null) {
        throw new IllegalStateException("the program was built without " + FILE);
      }
      return new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8)).lines().toList();
    } catch (IOException e) {
      throw new UncheckedIOException("reading " + FILE, e);
    }
  }
}
