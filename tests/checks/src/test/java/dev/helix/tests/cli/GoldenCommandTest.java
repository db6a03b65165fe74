package dev.helix.tests.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.helix.tensor.DType;
import dev.helix.tensor.io.SafetensorsFile;
import dev.helix.tensor.io.SafetensorsWriter;
import dev.helix.tests.laws.foreign.Python;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.DoubleBinaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code helix golden}: what it writes, what checks it, and what it leaves alone. */
class GoldenCommandTest {
  @TempDir private Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"merge", "attention"})
  void theSameSeedGivesTheSameBytes(String seam) throws IOException {
    Map<String, byte[]> first = written("first", seam, "7");
    Map<String, byte[]> again = written("again", seam, "7");
    assertEquals(first.keySet(), again.keySet());
    first.forEach((name, bytes) -> assertArrayEquals(bytes, again.get(name), name));
    byte[] other = written("again", seam, "8").get("cases.safetensors");
    assertTrue(!Arrays.equals(first.get("cases.safetensors"), other));
    assertTrue(first.keySet().stream().anyMatch(name -> name.startsWith("workloads")), seam);
  }

  private Map<String, byte[]> written(String name, String seam, String seed) throws IOException {
    Path place = directory.resolve(name);
    HelixProgram program =
        HelixProgram.run(
            "golden",
            "--convention",
            "vllm-dcp",
            "--seam",
            seam,
            "--out",
            place.toString(),
            "--seed",
            seed,
            "--cases",
            "20");
    assertEquals(0, program.status(), program.err());
    Map<String, byte[]> files = new TreeMap<>();
    try (Stream<Path> all = Files.walk(place)) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        files.put(place.relativize(file).toString(), Files.readAllBytes(file));
      }
    }
    try (Stream<Path> all = Files.list(directory)) {
      assertTrue(all.noneMatch(file -> file.getFileName().toString().startsWith(".")), "left over");
    }
    return files;
  }

  @Test
  void theCheckOfTheReadMePassesWhatIsWithinTheBoundsAndNamesWhatIsNot()
      throws IOException, InterruptedException {
    Python python = Python.withNumPy();
    written("golden", "merge", "1");
    Path check = directory.resolve("check.py");
    String text = Files.readString(directory.resolve("golden/README.md"));
    String code = text.substring(text.indexOf("check.py\n") + 9);
    Files.writeString(check, code.substring(0, code.indexOf("```")));
    Path expected = directory.resolve("golden/expected.safetensors");
    Path right = answers(expected, (bound, number) -> number + 0.9 * bound, "right");
    Python.Said said = python.run(check, expected, right);
    assertEquals("", said.words());
    assertEquals(0, said.status());
    Path wrong =
        answers(expected, (bound, number) -> bound > 0 ? number + 1.1 * bound : number, "wrong");
    said = python.run(check, expected, wrong);
    assertEquals(1, said.status());
    assertTrue(said.words().contains("outputs: beyond its bound, or missing"), said.words());
    assertTrue(said.words().contains("lses: beyond its bound, or missing"), said.words());
    Path asked = directory.resolve("golden/cases.safetensors");
    for (List<Path> given :
        List.of(
            List.of(right, expected),
            List.of(right, wrong),
            List.of(asked, right),
            List.of(expected, expected))) {
      said = python.run(check, given.get(0), given.get(1));
      assertEquals(1, said.status(), given::toString);
      assertEquals(
          "expected EXPECTED ANSWERS: two files, of which the first alone has bounds\n",
          said.words());
    }
  }

  /** The expected numbers, moved by their bounds where these are finite. */
  private Path answers(Path expected, DoubleBinaryOperator moved, String name) {
    SafetensorsWriter writer = new SafetensorsWriter();
    try (SafetensorsFile file = SafetensorsFile.open(expected)) {
      for (String tensor : file.names()) {
        if (!tensor.endsWith(".bound")) {
          double[] numbers = file.read(tensor);
          double[] bounds = file.read(tensor + ".bound");
          for (int at = 0; at < numbers.length; at++) {
            boolean finite = Double.isFinite(bounds[at]) && Double.isFinite(numbers[at]);
            numbers[at] = finite ? moved.applyAsDouble(bounds[at], numbers[at]) : numbers[at];
          }
          List<Integer> shape = file.shape(tensor).stream().map(Long::intValue).toList();
          writer.tensor(tensor, DType.F64, shape, numbers);
        }
      }
    }
    Path answers = directory.resolve(name + ".safetensors");
    writer.write(answers);
    return answers;
  }

  static Stream<Arguments> wrongArguments() {
    return Stream.of(
        Arguments.of("--seam: expected merge or attention, got 'head'", List.of("--seam", "head")),
        Arguments.of("--convention: expected flashinfer,", List.of("--convention", "x")),
        Arguments.of("ring, own, got 'x'", List.of("--convention", "x")),
        Arguments.of(
            "--cases: expected a whole number from 1 to 10000, got",
            List.of("--cases", "9999999999")),
        Arguments.of("--cases: expected 1 to 10000, got 0", List.of("--cases", "0")));
  }

  @ParameterizedTest
  @MethodSource("wrongArguments")
  void aWrongArgumentIsOneLineAndNothingIsWritten(String expected, List<String> given)
      throws IOException {
    assertRefused(expected, directory.resolve("out"), given);
    assertEquals(List.of(), list());
  }

  @ParameterizedTest
  @CsvSource({
    "vllm-dcp, merge, 8, 8 cases of 8 questions",
    "own, merge, 1, 1 case of 1 question",
    "vllm-dcp, attention, 2, 2 cases of "
  })
  void asManyCasesAreWrittenAsWereAskedFor(String name, String seam, String cases, String words) {
    String[] given = {
      "golden",
      "--convention",
      name,
      "--seam",
      seam,
      "--cases",
      cases,
      "--out",
      directory.resolve("out").toString()
    };
    HelixProgram program = HelixProgram.run(given);
    assertTrue(program.out().startsWith("wrote " + words), program.out());
  }

  @Test
  void aDirectoryOfSomethingElseIsLeftAlone() throws IOException {
    Path notes = Files.writeString(directory.resolve("notes.txt"), "mine");
    assertRefused("found notes.txt", directory, List.of("--cases", "1"));
    assertEquals(List.of(notes), list());
  }

  private static void assertRefused(String expected, Path out, List<String> given) {
    HelixProgram program =
        HelixProgram.run(
            Stream.concat(Stream.of("golden", "--out", out.toString()), given.stream())
                .toArray(String[]::new));
    assertEquals(2, program.status());
    assertTrue(program.err().contains(expected), program.err());
    assertEquals(1, program.err().lines().count(), program.err());
  }

  private List<Path> list() throws IOException {
    try (Stream<Path> all = Files.list(directory)) {
      return all.toList();
    }
  }
}
