package dev.helix.tests.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The numbers of a sweep's report follow from each other. */
class FrontiersReportTest {
  @TempDir private Path directory;

  @Test
  void ratesFollowFromTheTtlAndNotEverythingThatIsTriedFits() throws IOException {
    HelixProgram sweep =
        HelixProgram.run(
            "sweep",
            "--model=llama-405b",
            "--context=100k",
            "--gpus=2",
            "--batches=2,8",
            "--strategies=tp,helix",
            "--out=" + directory);
    assertEquals(0, sweep.status(), sweep.err());
    JsonNode report = new ObjectMapper().readTree(directory.resolve("frontiers.json").toFile());
    int fit = report.get("fit").asInt();
    assertEquals(Files.readAllLines(directory.resolve("points.csv")).size() - 1, fit);
    assertTrue(fit < report.get("considered").asInt(), sweep.out());
    int compared = 0;
    for (JsonNode frontier : report.get("frontiers")) {
      for (JsonNode point : frontier.get("points")) {
        double perUser = 1e6 / point.get("ttlMicros").asDouble();
        double perGpu = perUser * point.get("batch").asInt() / point.get("gpus").asInt();
        assertEquals(perUser, point.get("tokensPerSecondPerUser").asDouble(), 1e-12 * perUser);
        assertEquals(perGpu, point.get("tokensPerSecondPerGpu").asDouble(), 1e-12 * perGpu);
        compared++;
      }
    }
    assertTrue(compared > 0, sweep.out());
  }
}
