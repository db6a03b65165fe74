package dev.helix.tests.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code --json -}: standard output is the report of the run, and nothing else. */
class JsonOnStandardOutputTest {
  private static final ObjectMapper MAPPER =
      new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  @TempDir private Path directory;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "decode --tokens 1,2 --max-new 1 --as deepseek-r1",
        "layouts --tokens 1 --max-new 1 --no-verify",
        "time --hop-b on",
        "calibration --preset sol",
        "laws --law one-rank --cases 1",
        "laws --law one-rank --cases 1 --exec cp",
        "museum --law one-rank --cases 1"
      })
  void isTheReportThatAFileWouldHold(String command) throws IOException {
    HelixProgram printed = run(command, "-");
    Path json = directory.resolve("report.json");
    HelixProgram written = run(command, json.toString());
    assertEquals(written.status(), printed.status());
    assertEquals(written.err(), printed.err());
    assertTrue(printed.out().chars().allMatch(character -> character < 128), printed.out());
    JsonNode report = MAPPER.readTree(printed.out());
    assertTrue(report.size() > 1, printed.out());
    assertEquals(paths(MAPPER.readTree(json.toFile())), paths(report));
  }

  private static HelixProgram run(String command, String json) {
    return HelixProgram.run(
        Stream.concat(Stream.of(command.split(" ")), Stream.of("--json", json))
            .toArray(String[]::new));
  }

  /** The paths of all fields: values may be speeds, which differ from run to run. */
  private static List<String> paths(JsonNode report) {
    List<String> paths = new ArrayList<>();
    collect("", report, paths);
    return paths;
  }

  private static void collect(String path, JsonNode at, List<String> paths) {
    paths.add(path);
    at.properties().forEach(field -> collect(path + "/" + field.getKey(), field.getValue(), paths));
    for (int i = 0; at.isArray() && i < at.size(); i++) {
      collect(path + "/" + i, at.get(i), paths);
    }
  }
}
