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
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SweepCommandTest {
  private static final String SMALL =
      "sweep --model recall-mla --context 4k --gpus 4 --batches 1,2,4 --out ";

  @TempDir private Path directory;

  private HelixProgram run(String command, Path out) {
    return HelixProgram.run(command.strip(), out);
  }

  private static Map<String, String> files(Path folder) throws IOException {
    Map<String, String> files = new TreeMap<>();
    try (Stream<Path> inside = Files.list(folder)) {
      for (Path file : inside.toList()) {
        files.put(file.getFileName().toString(), Files.readString(file));
      }
    }
    return files;
  }

  @Test
  void theSameCommandGivesTheSameBytes() throws IOException {
    Path one = directory.resolve("one");
    Path other = directory.resolve("other");
    HelixProgram first = run(SMALL, one);
    assertEquals(0, first.status(), first.err());
    assertEquals(first.out(), run(SMALL, other).out());
    assertEquals(
        "[frontiers.json, pareto.svg, points.csv, roofline.svg]", files(one).keySet().toString());
    assertEquals(files(one), files(other));
    assertEquals(0, run(SMALL, one).status(), "earlier files of the command are replaced");
    assertEquals(files(other), files(one));
  }

  @Test
  void everyPointStandsInTheFileAndTheFrontiersAmongThem() throws IOException {
    Path out = directory.resolve("out");
    run(SMALL, out);
    JsonNode frontiers = new ObjectMapper().readTree(out.resolve("frontiers.json").toFile());
    assertEquals(
        frontiers.get("fit").asInt(), Files.readAllLines(out.resolve("points.csv")).size() - 1);
    assertEquals(7, frontiers.get("frontiers").size(), "six strategies, and all of them");
    assertTrue(frontiers.get("frontiers").get(6).get("points").size() > 0);
  }

  /** So many heads over one KV head of two components have more FLOPs than a long holds. */
  @Test
  void whatCannotBeCountedIsLeftOutAndSaid() throws IOException {
    Path model = Files.createDirectory(directory.resolve("wide"));
    Files.writeString(
        model.resolve("config.json"),
        """
        {"model_type": "llama", "architectures": ["LlamaForCausalLM"], "hidden_act": "silu",
         "hidden_size": 16, "intermediate_size": 128, "num_hidden_layers": 1, "vocab_size": 128,
         "num_attention_heads": 67108864, "num_key_value_heads": 1, "head_dim": 2,
         "rms_norm_eps": 1e-5, "rope_theta": 10000.0, "max_position_embeddings": 1048576}
        """);
    Path out = directory.resolve("out");
    HelixProgram both = longest(model, 2, "1,16", out);
    assertEquals(0, both.status(), both.err());
    JsonNode counts = new ObjectMapper().readTree(out.resolve("frontiers.json").toFile());
    int left = counts.get("uncounted").asInt();
    assertTrue(left > 0 && left < counts.get("considered").asInt(), counts.toPrettyString());
    assertTrue(
        both.out()
            .contains(
                left
                    + " are left out: FLOPs, elements or bytes of a step are more than can be"
                    + " counted"),
        both.out());
    HelixProgram large = longest(model, 1, "16", directory.resolve("none"));
    assertEquals(2, large.status());
    assertTrue(large.err().contains("--context, --batches: expected fewer tokens"), large.err());
    assertFalse(Files.exists(directory.resolve("none")));
  }

  /** A sweep of the longest contexts. */
  private static HelixProgram longest(Path model, int gpus, String batches, Path out) {
    List<String> command = new ArrayList<>(List.of("sweep", "--context", "1073741824"));
    command.addAll(List.of("--gpus", String.valueOf(gpus), "--batches", batches));
    command.addAll(List.of("--model", model.toString(), "--out", out.toString()));
    return HelixProgram.run(command.toArray(String[]::new));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "sweep --model recall-mla --context 4k --gpus 4 --batches 1,2,4,8 --kv fp8 --out ",
        "sweep --model llama-405b --context 100k --gpus 8 --batches 4,8 --reserve 5 --out "
      })
  void everyPointOfAFrontierIsThatOfItsCommand(String command) throws IOException {
    Path out = directory.resolve("out");
    run(command, out);
    JsonNode sweep = new ObjectMapper().readTree(out.resolve("frontiers.json").toFile());
    Set<String> kinds = new HashSet<>();
    for (JsonNode frontier : sweep.get("frontiers")) {
      for (JsonNode point : frontier.get("points")) {
        String options = point.get("options").asText();
        HelixProgram alone =
            HelixProgram.run(
                "%s %s --json -"
                    .formatted(sweep.get("question").get("time").asText(), options)
                    .split(" "));
        assertEquals(0, alone.status(), alone.err());
        JsonNode step = new ObjectMapper().readTree(alone.out());
        boolean pieces = options.contains("--pieces");
        String inPieces =
            options.contains("per-piece") ? "/pieces/perPieceMicros" : "/pieces/idealisedMicros";
        double ttl = step.at(pieces ? inPieces : "/ttlMicros").asDouble();
        // Layers are added up here and multiplied there: at most 10,000 roundings.
        assertEquals(ttl, point.get("ttlMicros").asDouble(), 1e4 * Math.ulp(ttl), options);
        assertEquals(
            step.at("/memory/fullest/totalBytes").asLong(),
            point.get("memoryBytes").asLong(),
            options);
        kinds.add(point.get("strategy").asText());
      }
    }
    assertTrue(kinds.size() >= 4, kinds::toString);
  }

  /** The wish lies between the TTL of shared overhead and that of an overhead for each piece. */
  @Test
  void adviceSaysWhereHopBKeepsTheWishOnlyIfItsPiecesShareTheirOverhead() {
    String asked = "advise --model recall-mla --context 64M --gpus 2 --batch 3 --preset silicon";
    String tight = HelixProgram.run((asked + " --ttl 2.9").split(" ")).out();
    assertTrue(
        after("it misses the wish ", tight)
            .startsWith("unless its pieces share their overhead; best without HOP-B is "),
        tight);
    String loose = HelixProgram.run((asked + " --ttl 3.15").split(" ")).out();
    assertTrue(after("it keeps the wish ", loose).startsWith("even if each piece has"), loose);
  }

  @Test
  void adviceNamesTheNearestLayoutUnderThePresetWhereNothingIsFastEnough() {
    String asked = "advise --model recall-mla --context 64M --gpus 2 --batch 3 --ttl 2.5";
    String advice = HelixProgram.run(asked.split(" ")).out();
    assertTrue(
        after("silicon ", advice)
            .matches(".* ms; no layout is fast enough there, and the nearest has 2\\.77.*"),
        advice);
  }

  /** The command of the line {@code as time} shows the TTL that the advice promises. */
  private static void assertTimedAsAdvised(String advice) {
    String command = after("as time ", advice);
    HelixProgram timed = HelixProgram.run(command.split(" "));
    assertEquals(0, timed.status(), timed.err());
    double micros = Double.parseDouble(after("TTL ", timed.out()).split(" ", -1)[0]);
    assertEquals(after("TTL ", advice), String.format(Locale.ROOT, "%.3f ms", micros / 1000));
  }

  private static String after(String name, String lines) {
    return lines
        .lines()
        .map(String::strip)
        .filter(line -> line.startsWith(name))
        .map(line -> line.substring(name.length()).strip())
        .findFirst()
        .orElseThrow();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          --gpus 0        | --gpus: expected 1 to 72
          --gpus 73       | --gpus: expected 1 to 72
          --batches 0     | --batches: expected numbers from 1 to 65536, got 0
          --batches 70000 | --batches: expected numbers from 1 to 65536, got 70000
          --batches x     | --batches
          --batches 1,9999999999 | --batches: expected a whole number from 1 to 65536, got
          --gpus 9999999999      | --gpus: expected a smaller number, got '9999999999'
          --context 0     | --context: expected a whole number
          --strategies ep | --strategies: expected all or some of
          --ttl-max 0     | --ttl-max: expected a positive number of ms, got 0
          --ttl-max 1e-3  | --ttl-max: nothing is as fast as 0.001 ms; the nearest is
          --batches 60000 --context 1G | --context
          """)
  void badInputIsOneLine(String options, String words) {
    String[] given = options.split(" ");
    String[] small = "sweep --model recall-gqa --gpus 1 --context 4k --batches 1".split(" ");
    // The options that are tried take the place of the small ones.
    Stream<String> kept =
        Stream.of("--gpus 1", "--context 4k", "--batches 1")
            .filter(pair -> !options.contains(pair.substring(0, pair.indexOf(' ') + 1)))
            .flatMap(pair -> Stream.of(pair.split(" ")));
    String[] arguments =
        Stream.of(
                Stream.of(small).limit(3),
                kept,
                Stream.of(given),
                Stream.of("--out", directory.resolve("out").toString()))
            .flatMap(part -> part)
            .toArray(String[]::new);
    HelixProgram.run(arguments).assertRefused(words);
    assertFalse(Files.exists(directory.resolve("out")), "a folder is left behind");
  }

  @Test
  void aRefusedSweepLeavesNoFolderAndKeepsThoseThatWereThere() throws IOException {
    String refused = SMALL.replace("--out", "--ttl-max 1e-6 --out");
    run(refused, directory.resolve("new")).assertRefused("--ttl-max");
    assertFalse(Files.exists(directory.resolve("new")), "a folder is left behind");
    Path own = Files.createDirectory(directory.resolve("own"));
    run(refused, own).assertRefused("--ttl-max");
    assertTrue(Files.isDirectory(own), "an empty folder of the user's is gone");
    assertEquals(0, run(SMALL, directory.resolve("new")).status());
  }

  /** As lesson and golden do: a slip in a path makes no tree of folders. */
  @ParameterizedTest
  @ValueSource(strings = {"sweep", "paper", "lesson", "golden"})
  void aFolderIsMadeOnlyIfItsParentExists(String command) {
    HelixProgram.run(command, "--out", directory.resolve("no/parent").toString())
        .assertRefused("--out: ");
    assertFalse(Files.exists(directory.resolve("no")), "folders are left behind");
  }

  @ParameterizedTest
  @CsvSource({
    "--strategies helx, --strategies: ",
    "--batches 0, --batches: ",
    "--ttl-max -1, --ttl-max: ",
    "--gpus 8, '--out: expected DIR, got nothing'"
  })
  void optionsAreReadBeforeTheFolderIsAskedFor(String options, String words) {
    HelixProgram.run(("sweep " + options).split(" ")).assertRefused(words);
  }

  @ParameterizedTest
  @ValueSource(strings = {"sweep", "paper", "golden"})
  void aCommandThatReplacesAFolderSaysSo(String command) {
    String help = HelixProgram.run(command, "--help").out().replaceAll("\\s+", " ");
    assertTrue(help.contains("replaced"), help);
  }

  @Test
  void aStepTooLargeToBeCountedIsRefusedByItsOptions() {
    String large = "--gpus 1 --context 1073741824 --kv bf16 --model llama-405b ";
    String words = ": expected fewer tokens; the FLOPs, elements or bytes of a step are more than";
    String out = directory.resolve("out").toString();
    String[] sweep = ("sweep " + large + "--batches 65536 --out").split(" ");
    HelixProgram.run(Stream.concat(Stream.of(sweep), Stream.of(out)).toArray(String[]::new))
        .assertRefused("--context, --batches" + words);
    HelixProgram.run(("advise " + large + "--batch 65536 --ttl 50").split(" "))
        .assertRefused("--context, --gpus: no layout has the memory for a single request");
  }

  /** Neither number is on the coarse grid of batches. */
  @Test
  void theMostRequestsInMemoryAreServedAndOneMoreIsRefused() {
    String asked = "advise --gpus 8 --preset sol --ttl 100 --batch ";
    HelixProgram.run((asked + "10").split(" "))
        .assertRefused("no layout has the memory for 10 requests; it is enough for 9");
    HelixProgram.run((asked + "1000").split(" "))
        .assertRefused("no layout has the memory for 1000 requests; it is enough for 9");
    assertEquals(0, HelixProgram.run((asked + "9").split(" ")).status());
  }

  @Test
  void aFolderThatHoldsSomethingElseIsLeftAlone() throws IOException {
    Files.writeString(directory.resolve("mine.txt"), "mine");
    run(SMALL, directory).assertRefused("holds 'mine.txt': expected a new or empty folder");
    assertEquals(Map.of("mine.txt", "mine"), files(directory));
    run(SMALL, directory.resolve("mine.txt")).assertRefused("expected a folder");
  }

  @Test
  void adviceNamesALayoutOrTheNearest() {
    String[] small = "advise --model recall-gqa --context 4k --gpus 2 --ttl".split(" ");
    HelixProgram served =
        HelixProgram.run(
            Stream.concat(Stream.of(small), Stream.of("50", "--batch", "2"))
                .toArray(String[]::new));
    assertEquals(0, served.status(), served.err());
    for (String line :
        new String[] {
          "best", "second", "as time", "why", "light", "held up", "breaks", "certain", "silicon"
        }) {
      assertTrue(served.out().lines().anyMatch(one -> one.startsWith(line)), served.out());
    }
    assertTimedAsAdvised(served.out());
    HelixProgram.run(Stream.concat(Stream.of(small), Stream.of("0.001")).toArray(String[]::new))
        .assertRefused("--ttl: nothing is as fast as 0.001 ms; the nearest is");
    HelixProgram.run(Stream.concat(Stream.of(small), Stream.of("-1")).toArray(String[]::new))
        .assertRefused("--ttl: expected a positive number of ms");
    HelixProgram.run(
            Stream.concat(Stream.of(small), Stream.of("50", "--batch", "9999999999"))
                .toArray(String[]::new))
        .assertRefused("--batch: expected a whole number from 1 to 65536, got '9999999999'");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          --gpus 1 --model llama-405b | --context, --gpus: no layout
          --gpus 2 --model llama-405b --batch 1000 | has the memory for 1000 requests; it is enough for
          """)
  void adviceWithoutMemorySaysThatMemoryIsTheCause(String options, String words) {
    String[] given = ("advise --ttl 1000 " + options).split(" ");
    HelixProgram program = HelixProgram.run(given);
    program.assertRefused(words);
    assertFalse(program.err().contains("divides"), program.err());
  }
}
