package dev.helix.runtime.timing.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.helix.runtime.checkpoint.ModelShape;
import dev.helix.runtime.loading.DeployedPrecision;
import dev.helix.runtime.report.JsonFile;
import dev.helix.runtime.strategy.PlacementRule;
import dev.helix.runtime.strategy.helix.HelixStrategy;
import dev.helix.runtime.timing.machine.Machine;
import dev.helix.runtime.timing.schedule.Accounting;
import dev.helix.runtime.trace.LoadModel;
import dev.helix.runtime.trace.StepTracer;
import dev.helix.tensor.mesh.Layout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The file of {@code --trace} keeps the rules of the Trace Event Format, so that Perfetto opens it.
 */
class ChromeTraceTest {
  private static StepTime time;
  private static JsonNode root;

  @BeforeAll
  static void writeAndReadBack(@TempDir Path directory) throws IOException {
    time =
        StepTime.of(
            // Attention of a request takes less than the latency of its exchange: those overlap.
            Machine.named("gb200", "paper"),
            StepTracer.trace(
                ModelShape.of("recall-gqa").config(),
                new HelixStrategy(new Layout(4, 2, 8, 1), PlacementRule.roundRobin(16), true),
                3,
                1000,
                DeployedPrecision.FP4,
                new LoadModel.UniformExpectation()),
            3,
            Accounting.PER_PIECE);
    Path file = directory.resolve("trace.json");
    JsonFile.at(file).write(ChromeTrace.of(time.schedule()));
    root = new ObjectMapper().readTree(Files.readAllBytes(file));
  }

  private static List<JsonNode> events(String type) {
    List<JsonNode> events = new ArrayList<>();
    for (JsonNode event : root.get("traceEvents")) {
      if (event.get("ph").textValue().equals(type)) {
        events.add(event);
      }
    }
    return events;
  }

  private static String track(JsonNode event) {
    return event.get("pid").intValue() + "/" + event.get("tid").intValue();
  }

  @Test
  void everyEventHasWhatItsTypeNeeds() {
    Set<String> types = Set.of("X", "b", "e", "M");
    for (JsonNode event : root.get("traceEvents")) {
      String type = event.get("ph").textValue();
      assertTrue(types.contains(type), type);
      assertFalse(event.get("name").textValue().isEmpty());
      assertTrue(event.get("pid").isInt() && event.get("tid").isInt());
      assertTrue(event.get("ts").isNumber() && event.get("ts").doubleValue() >= 0);
      assertEquals(type.equals("X"), event.has("dur"), type);
      assertEquals(type.equals("b") || type.equals("e"), event.has("id"), type);
      assertFalse(event.get("cat").textValue().isEmpty());
      if (type.equals("X")) {
        assertTrue(event.get("dur").isNumber() && event.get("dur").doubleValue() >= 0);
      }
    }
  }

  @Test
  void everyTrackAndProcessHasAName() {
    Set<String> tracks = new HashSet<>();
    Set<Integer> processes = new HashSet<>();
    for (JsonNode event : events("M")) {
      assertFalse(event.get("args").get("name").textValue().isEmpty());
      if (event.get("name").textValue().equals("thread_name")) {
        assertTrue(tracks.add(track(event)), "named twice: " + track(event));
      } else {
        assertEquals("process_name", event.get("name").textValue());
        processes.add(event.get("pid").intValue());
      }
    }
    for (JsonNode event : events("X")) {
      assertTrue(tracks.contains(track(event)), track(event));
      assertTrue(processes.contains(event.get("pid").intValue()));
    }
    assertEquals(time.schedule().ranks().size(), processes.size());
    assertEquals(2 * processes.size(), tracks.size());
  }

  @Test
  void slicesOfATrackDoNotOverlap() {
    Map<String, List<JsonNode>> tracks = new HashMap<>();
    events("X").forEach(e -> tracks.computeIfAbsent(track(e), t -> new ArrayList<>()).add(e));
    assertEquals(2 * time.schedule().ranks().size(), tracks.size());
    for (List<JsonNode> slices : tracks.values()) {
      slices.sort((a, b) -> Double.compare(a.get("ts").doubleValue(), b.get("ts").doubleValue()));
      for (int i = 1; i < slices.size(); i++) {
        JsonNode before = slices.get(i - 1);
        double end = before.get("ts").doubleValue() + before.get("dur").doubleValue();
        // Nothing but the rounding of start + (end - start); viewers count in nanoseconds.
        assertTrue(end <= slices.get(i).get("ts").doubleValue() + 1e-6, slices.get(i).toString());
      }
    }
  }

  @Test
  void everyAsynchronousSliceEndsOnceAfterItBegan() {
    Map<String, Double> began = new HashMap<>();
    events("b").forEach(e -> began.put(id(e), e.get("ts").doubleValue()));
    assertEquals(events("b").size(), began.size());
    assertFalse(began.isEmpty());
    for (JsonNode end : events("e")) {
      assertTrue(began.remove(id(end)) <= end.get("ts").doubleValue());
    }
    assertTrue(began.isEmpty(), "never end: " + began.keySet());
  }

  private static String id(JsonNode event) {
    return event.get("cat").textValue() + " " + event.get("id").textValue();
  }

  @Test
  void everyOperationIsThereAndTheLastEndIsTheStep() {
    int operations = time.schedule().slowest().size() * time.schedule().ranks().size();
    assertEquals(operations, events("X").size());
    double last = 0;
    for (JsonNode event : root.get("traceEvents")) {
      double duration = event.has("dur") ? event.get("dur").doubleValue() : 0;
      last = Math.max(last, event.get("ts").doubleValue() + duration);
    }
    assertEquals(time.ttlMicros(), last, 1e-6);
  }
}
