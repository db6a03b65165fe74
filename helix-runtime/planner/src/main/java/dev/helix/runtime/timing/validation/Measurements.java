package dev.helix.runtime.timing.validation;

import dev.helix.runtime.timing.validation.Measurement.Part;
import dev.helix.tensor.io.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The published times with which presets are compared, and the error that each family may have.
 *
 * @param rows the published times
 * @param limits for each family the mean absolute error of rows of the check part that was asked of
 *     the preset {@code silicon}, as a fraction
 */
record Measurements(List<Measurement> rows, TreeMap<String, Double> limits) {
  private static final String FILE = "measurements.json";
  private static final List<String> NO_SIZE = List.of("micros", "of");

  Measurements {
    rows = List.copyOf(rows);
  }

  static Measurements read() {
    JsonObject json = resource();
    List<Measurement> rows = new ArrayList<>();
    TreeMap<String, Double> limits = new TreeMap<>();
    for (JsonObject group : json.objects("groups")) {
      String family = group.text("family");
      limits.put(family, group.number("limit"));
      List<JsonObject> own = group.objects("rows");
      Map<String, Part> parts = Draw.deal(own.stream().map(Measurements::label).toList());
      for (JsonObject row : own) {
        rows.add(
            new Measurement(
                family,
                group.text("kind"),
                group.text("source"),
                parts.get(label(row)),
                label(row),
                row.number("micros"),
                row));
      }
    }
    for (Measurement row : MeasuredTables.read()) {
      rows.add(row);
      limits.put(row.family(), TableFamily.of(row.fields().text("family")).limit());
    }
    return new Measurements(rows, limits);
  }

  double limit(String family) {
    return limits.get(family);
  }

  private static String label(JsonObject row) {
    return row.names().stream()
        .filter(name -> !NO_SIZE.contains(name))
        .map(name -> name + " " + row.positive(name))
        .collect(Collectors.joining(", ", row.text("of") + ": ", ""));
  }

  private static JsonObject resource() {
    try (InputStream in = Measurements.class.getResourceAsStream(FILE)) {
      if (in == null) {
        throw new IllegalStateException("the program was built without " + FILE);
      }
      return JsonObject.parse(FILE, in.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException("reading " + FILE, e);
    }
  }
}
