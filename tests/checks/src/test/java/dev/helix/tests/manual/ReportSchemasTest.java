package dev.helix.tests.manual;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.helix.runtime.paper.ModelStudy;
import dev.helix.runtime.paper.PaperReport;
import dev.helix.runtime.paper.Sensitivity;
import dev.helix.runtime.report.JsonFile;
import dev.helix.runtime.timing.machine.Machine;
import dev.helix.tests.cli.HelixProgram;
import dev.helix.tests.laws.merge.foreign.AnsweringProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Reports are what their schemas say, and the schemas say nothing that no report has. */
class ReportSchemasTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  /** Fields that only a faulty program would write. */
  private static final Set<String> OF_FAULTS_ALONE = Set.of("difference");

  /** Fields of verdicts on long contexts, whose dumps are too large for a test. */
  private static final Set<String> OF_LONG_CONTEXTS_ALONE =
      Set.of(
          "steps[].suspected",
          "steps[].stages[].unseen",
          "steps[].stages[].unseen.rank",
          "steps[].stages[].unseen.tokens",
          "steps[].stages[].unseen.of");

  private static final String DUMPS =
      "../../helix-runtime/library/src/test/resources/dev/helix/runtime/dumps/";

  @TempDir private Path directory;

  /** The command of a schema, and runs that write all of its fields between them. */
  static Stream<Arguments> runs() {
    return Stream.of(
        Arguments.of(
            "decode",
            List.of(
                "decode --tokens 1,2,3 --max-new 1 --as deepseek-r1",
                "decode --tokens 1,2 --max-new 1 --no-verify --placement contiguous"
                    + " --fault an-empty-shard-reports-a-finite-lse-and-rubbish --fault-rank 0"
                    + " --fault-layer 1",
                "decode --tokens 1 --max-new 1 --model recall-mla --oracle --kv nvfp4",
                "decode --tokens 1 --max-new 1 --no-verify --strategy tp-pp --as llama-405b",
                "decode --tokens 1 --max-new 1 --no-verify --strategy dp-ep --as" + " llama-405b")),
        Arguments.of(
            "time",
            List.of(
                "time --hop-b on --pieces 4 --attention-weights bf16 --preset silicon",
                "time --model deepseek-r1 --load busiest --ffn-weights fp8 --expert-weights fp4",
                "time --strategy tp-pp --drafts 2",
                "time --strategy dp-ep --tpa 8 --drafts 1 --acceptance 0.5",
                "time --machine %s")),
        Arguments.of(
            "layouts",
            List.of(
                "layouts --tokens 1 --max-new 1",
                "layouts --tokens 1 --max-new 1 --strategies tp --shares",
                "layouts --tokens 1 --max-new 1 --reading fp64 --model recall-mla --strategies"
                    + " tp-pp,dp-ep")),
        Arguments.of(
            "sweep",
            List.of(
                "sweep --model recall-mla --context 4k --gpus 4 --batches 1,2,4 --attention-weights"
                    + " bf16 --ffn-weights fp8 --expert-weights fp8",
                "sweep --model llama-405b --gpus 16 --strategies helix --batches 4",
                "sweep --model recall-gqa --context 4k --gpus 1 --batches 1")),
        Arguments.of(
            "advise",
            List.of(
                "advise --model recall-mla --context 64M --gpus 4 --batch 3 --ttl 3.15 --preset"
                    + " silicon",
                "advise --model recall-mla --context 64M --gpus 4 --batch 3 --ttl 1.6 --preset"
                    + " paper --attention-weights bf16 --ffn-weights fp8 --expert-weights fp8",
                "advise --model recall-mla --context 64M --gpus 2 --batch 3 --ttl 2.5")),
        Arguments.of("calibration", List.of("calibration --machine %s", "calibration")),
        Arguments.of(
            "verify",
            List.of(
                "verify --run-length 16 " + DUMPS + "3-run-short/npz",
                "verify --run-length 16 --scale 0.2 " + DUMPS + "3-right/npz",
                "verify --placement contiguous " + DUMPS + "3-right/npz",
                "verify --run-length 32 --lengths 31,32,33,96 --map %3$s "
                    + DUMPS
                    + "5-right/npz")),
        Arguments.of("museum", List.of("museum --law one-rank --cases 1")),
        Arguments.of(
            "laws",
            List.of(
                "laws --law one-rank --cases 1",
                "laws --law one-rank --cases 1 --exec cp",
                "laws --law copies --law bases --cases 1 --simplify 0 --timeout 600 --exec %2$s")));
  }

  @ParameterizedTest
  @MethodSource("runs")
  void reportsAreWhatTheirSchemaSays(String command, List<String> runs) throws IOException {
    Map<String, JsonNode> reports = new LinkedHashMap<>();
    for (String run : runs) {
      reports.put(run, report(run, machine()));
    }
    reportsAreWhatTheirSchemaSays(command, reports);
  }

  /** The whole command takes too long for a test, so the report is that of a smaller sweep. */
  @Test
  void theReportOfThePaperIsWhatItsSchemaSays() throws IOException {
    ModelStudy study = ModelStudy.againstTp("llama-405b");
    List<Sensitivity.Row> rows = List.of(new Sensitivity.Row("nothing", study.binding()));
    Path file = directory.resolve("paper.json");
    JsonFile.at(file)
        .write(PaperReport.of(List.of(PaperReport.OfModel.of(study, Optional.of(rows)))));
    reportsAreWhatTheirSchemaSays(
        "paper", Map.of("of Helix and TP", MAPPER.readTree(Files.readAllBytes(file))));
  }

  private static void reportsAreWhatTheirSchemaSays(String command, Map<String, JsonNode> reports) {
    ReportSchema schema = ReportSchema.of(command);
    Set<String> written = new HashSet<>();
    for (Map.Entry<String, JsonNode> run : reports.entrySet()) {
      JsonNode report = run.getValue();
      assertEquals(List.of(), schema.errors(report), run.getKey());
      written.addAll(ReportSchema.paths(report));
      refusesWhatItDoesNotKnow(schema, report);
    }
    Set<String> described = new HashSet<>(schema.fields().keySet());
    described.removeAll(written);
    described.removeAll(OF_FAULTS_ALONE);
    described.removeAll(OF_LONG_CONTEXTS_ALONE);
    assertEquals(Set.of(), described, "no run wrote these fields of the schema");
  }

  /** One more field in any object of the report, and the report is refused. */
  private static void refusesWhatItDoesNotKnow(ReportSchema schema, JsonNode report) {
    List<ObjectNode> objects = new ArrayList<>();
    collect(report, objects);
    Set<List<String>> seen = new HashSet<>();
    for (ObjectNode object : objects) {
      List<String> names = new ArrayList<>();
      object.fieldNames().forEachRemaining(names::add);
      if (seen.add(names)) {
        object.put("more", "than the schema knows");
        assertFalse(schema.errors(report).isEmpty(), () -> "a field beside " + names);
        object.remove("more");
      }
    }
    assertTrue(seen.size() > 1);
  }

  private static void collect(JsonNode node, List<ObjectNode> objects) {
    if (node.isObject()) {
      objects.add((ObjectNode) node);
    }
    node.forEach(child -> collect(child, objects));
  }

  private JsonNode report(String run, Path machine) throws IOException {
    boolean inFolder = run.startsWith("sweep");
    Path folder = directory.resolve("folder");
    Path file = inFolder ? folder.resolve("frontiers.json") : directory.resolve("report.json");
    List<String> arguments = new ArrayList<>();
    Path map = run.contains("%3$s") ? map() : Path.of("");
    for (String word : run.split(" ", -1)) {
      arguments.add(word.formatted(machine, AnsweringProgram.command("base"), map));
    }
    arguments.addAll(
        inFolder ? List.of("--out", folder.toString()) : List.of("--json", file.toString()));
    HelixProgram program = HelixProgram.run(arguments.toArray(String[]::new));
    assertTrue(program.status() <= 1, program.err());
    return MAPPER.readTree(Files.readAllBytes(file));
  }

  /** A machine of the user's own: the known ones in a file. */
  private Path machine() throws IOException {
    ObjectNode machine = MAPPER.createObjectNode();
    machine.set("gpu", resource("gb200.json"));
    machine.set("preset", resource("paper.json"));
    Path file = directory.resolve("machine.json");
    return Files.write(file, MAPPER.writeValueAsBytes(machine));
  }

  /** A map that knows nothing of lengths, so that they can be said otherwise than they are. */
  private Path map() throws IOException {
    HelixProgram suggested = HelixProgram.run("verify", "--suggest-map", DUMPS + "5-right/npz");
    List<String> lines =
        suggested.out().lines().filter(line -> !line.contains("seq_lens")).toList();
    return Files.write(directory.resolve("map.json"), lines);
  }

  private static JsonNode resource(String name) throws IOException {
    return MAPPER.readTree(Machine.class.getResourceAsStream(name));
  }
}
