package dev.helix.runtime.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.helix.runtime.record.Quantity;
import dev.helix.runtime.record.TapPoint;
import dev.helix.runtime.report.RunReport.ComparisonFields;
import dev.helix.runtime.verify.Comparison;
import dev.helix.tensor.compare.ErrorAccumulator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RunReportTest {
  @TempDir private Path directory;

  @Test
  void aComparisonThatFailedSaysSoAndHoldsNoInfinity() throws IOException {
    ErrorAccumulator errors = new ErrorAccumulator();
    errors.add(2, 1, 0);
    errors.add(Double.NaN, 1, 1);
    TapPoint place = new TapPoint(3, Quantity.FFN_OUTPUT);
    Path file = directory.resolve("report.json");
    JsonFile.at(file)
        .write(ComparisonFields.of(new Comparison(place, "FFN output", false, errors.report())));

    String text = Files.readString(file);
    assertFalse(text.contains("Infinity") || text.contains("NaN"), text);
    JsonNode json = new ObjectMapper().readTree(text);
    assertFalse(json.get("passed").booleanValue());
    assertEquals(3, json.get("layer").intValue());
    assertEquals(1, json.get("nonFinite").intValue());
    assertEquals(1.0, json.get("maxAbs").doubleValue());
    assertFalse(json.has("worstShare"));
  }
}
