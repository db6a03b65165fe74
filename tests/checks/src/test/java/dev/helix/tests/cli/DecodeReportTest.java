package dev.helix.tests.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@code helix decode} writes beside what it prints. */
class DecodeReportTest {
  @TempDir private Path directory;

  @Test
  void theReportHasTheCostsThatTheTablesShow() throws IOException {
    HelixProgram program = decode("--as", "deepseek-r1", "--context", "128k", "--batch", "4");
    JsonNode comparisons = report().at("/verification/comparisons");
    List<String> rows = new ArrayList<>();
    for (JsonNode comparison : comparisons) {
      String what = comparison.get("what").textValue();
      assertEquals(comparison.get("estimated").booleanValue(), !comparison.has("cost"), what);
      if (comparison.has("cost")) {
        assertTrue(comparison.at("/cost/launches").longValue() > 0, what);
        rows.add(
            (comparison.has("layer") ? comparison.get("layer").intValue() + " " : "")
                + what
                + " "
                + comparison.get("elements").longValue()
                + ".*"
                + cells(comparison.get("cost"))
                + " ok");
      }
    }
    assertEquals(18, rows.size());

    JsonNode as = report().get("as");
    assertEquals("deepseek-r1", as.get("model").textValue());
    assertEquals(
        "64 1 1 64 128000 4",
        "%s %s %s %s %s %s"
            .formatted(
                as.get("kvp"),
                as.get("tpa"),
                as.get("tpf"),
                as.get("ep"),
                as.get("context"),
                as.get("batch")));
    assertEquals("silicon", as.get("preset").textValue());
    as.get("quantities").forEach(q -> rows.add(q.get("what").textValue() + cells(q)));
    assertEquals(25, rows.size());
    List<String> printed =
        program.out().lines().map(line -> line.strip().replaceAll(" +", " ")).toList();
    for (String row : rows) {
      assertEquals(1, printed.stream().filter(line -> line.matches(row)).count(), row);
    }
  }

  /** A narrower cache has fewer bytes where it is read, and narrower weights where they are. */
  @Test
  void theCostsAreThoseOfTheRunsFormats() throws IOException {
    decode();
    JsonNode before = report().at("/verification/comparisons");
    decode("--kv", "nvfp4");
    JsonNode narrowCache = report().at("/verification/comparisons");
    decode("--weights", "nvfp4");
    JsonNode narrowWeights = report().at("/verification/comparisons");
    for (int row = 0; row < before.size(); row++) {
      String what = before.get(row).get("what").textValue();
      long bytes = before.get(row).at("/cost/bytes").longValue();
      boolean attends = what.equals("attention output");
      boolean projects = attends || what.equals("FFN output") || what.equals("logits");
      long cached = narrowCache.get(row).at("/cost/bytes").longValue();
      assertTrue(attends ? cached < bytes : cached == bytes, what);
      long weighed = narrowWeights.get(row).at("/cost/bytes").longValue();
      assertTrue(projects ? weighed < bytes : weighed == bytes, what);
    }
  }

  @Test
  void aReportWithoutVerdictOrDeployedModelHasNoCosts() throws IOException {
    decode("--no-verify");
    JsonNode report = report();
    assertFalse(report.has("verification"));
    assertFalse(report.has("as"));
  }

  /** The columns of a cost as the tables print them: blank, launches, FLOP, bytes, micros. */
  private static String cells(JsonNode cost) {
    return " %d %s %s %s"
        .formatted(
            cost.get("launches").longValue(),
            threeDigits(cost.get("flops").longValue()),
            threeDigits(cost.get("bytes").longValue()),
            String.format(Locale.ROOT, "%.0f", cost.get("micros").doubleValue()))
        .replace("+", "\\+");
  }

  private static String threeDigits(long amount) {
    return amount == 0 ? "0" : String.format(Locale.ROOT, "%.3g", (double) amount);
  }

  private JsonNode report() throws IOException {
    return new ObjectMapper().readTree(Files.readAllBytes(directory.resolve("report.json")));
  }

  /** With runs of 16 one shard has all three tokens; with runs of one the merge has two. */
  @Test
  void aFaultThatChangesNoLogitIsSaidToHaveChangedNone() {
    String words = "the fault changed no logit of this run";
    String[] fault = {
      "--no-verify", "--fault", "base-2-lse-merged-as-base-e", "--run-length", "16"
    };
    assertTrue(decode(fault).out().lines().reduce((a, b) -> b).orElseThrow().startsWith(words));
    fault[4] = "1";
    assertFalse(decode(fault).out().contains(words));
  }

  @ParameterizedTest
  @CsvSource({
    "a-scale-of-the-cache-shared-by-the-tokens-of-a-page, 'it acts on a KV cache in a number"
        + " format, which --kv gives'",
    "soft-cap-dropped-in-the-partial, the model has no soft cap",
    "attention-sink-never-counted, the model has no attention sinks",
    "a-window-one-key-short, the model has no sliding window"
  })
  void aFaultWithoutItsPartIsSaidToHaveNone(String fault, String why) {
    String last =
        decode("--no-verify", "--fault", fault).out().lines().reduce((a, b) -> b).orElseThrow();
    assertTrue(last.startsWith("the fault changed no logit of this run, since " + why), last);
  }

  private HelixProgram decode(String... options) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "decode",
                "--max-new",
                "1",
                "--tokens",
                "1,2,3",
                "--json",
                directory.resolve("report.json").toString()));
    arguments.addAll(List.of(options));
    HelixProgram program = HelixProgram.run(arguments.toArray(String[]::new));
    assertEquals(0, program.status(), program.err());
    return program;
  }
}
