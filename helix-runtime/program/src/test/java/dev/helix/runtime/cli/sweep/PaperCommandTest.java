package dev.helix.runtime.cli.sweep;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import dev.helix.runtime.cli.Main;
import dev.helix.runtime.cli.console.Console;
import dev.helix.runtime.paper.ModelStudy;
import dev.helix.runtime.paper.PaperReport;
import dev.helix.runtime.sweep.Deployment;
import dev.helix.runtime.sweep.SearchSpace;
import dev.helix.runtime.sweep.StrategyKind;
import dev.helix.runtime.sweep.Sweep;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The report of {@code helix paper} goes where {@code --json} says. */
class PaperCommandTest {
  private static final ObjectMapper MAPPER = new ObjectMapper().registerModule(new Jdk8Module());

  /** By model: the sweep of the command takes too long for a test, so it has few batches. */
  private static final Map<String, ModelStudy> STUDIES = new ConcurrentHashMap<>();

  @TempDir private Path directory;

  private static ModelStudy study(String model) {
    return STUDIES.computeIfAbsent(model, PaperCommandTest::sweep);
  }

  private static ModelStudy sweep(String model) {
    Deployment deployment = ModelStudy.deployment(model);
    SearchSpace space =
        new SearchSpace(
            ModelStudy.GPUS,
            List.of(StrategyKind.TP, StrategyKind.HELIX),
            List.of(1, 4),
            SearchSpace.Pieces.BY_REQUEST);
    Sweep sweep = Sweep.of(deployment, space, (done, all) -> {});
    return new ModelStudy(model, deployment.model().attention().kvHeads(), sweep);
  }

  private static String run(String... arguments) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Console console =
        new Console(
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8));
    int status =
        new CommandLine(new PaperCommand(console, PaperCommandTest::study)).execute(arguments);
    console.err().flush();
    assertEquals(0, status, err.toString(StandardCharsets.UTF_8));
    return out.toString(StandardCharsets.UTF_8);
  }

  private static JsonNode expected() {
    return MAPPER.valueToTree(
        PaperReport.of(
            ModelStudy.MODELS.stream()
                .map(model -> PaperReport.OfModel.of(study(model), Optional.empty()))
                .toList()));
  }

  @Test
  void aFileHoldsTheClaimsOfBothModelsBesideTheText() throws IOException {
    Path file = directory.resolve("paper.json");
    String text = run("--json", file.toString());
    assertTrue(expected().equals(MAPPER.readTree(Files.readAllBytes(file))), "another report");
    assertEquals(run(), text);
    assertTrue(text.contains("llama-405b") && text.contains("deepseek-r1"), text);
  }

  @Test
  void standardOutputHoldsTheReportAlone() throws IOException {
    assertTrue(expected().equals(MAPPER.readTree(run("--json", "-"))), "another report");
  }

  /** The program knows the option too, and tries the place before it sweeps. */
  @Test
  void aPlaceThatCannotBeWrittenIsRefusedAtOnce() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int status =
        Main.run(
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            "paper",
            "--json",
            "no/such/paper.json");
    assertEquals(2, status);
    String line = err.toString(StandardCharsets.UTF_8);
    assertTrue(line.startsWith("helix: --json: no/such/paper.json: its directory"), line);
    assertEquals("", out.toString(StandardCharsets.UTF_8));
  }
}
