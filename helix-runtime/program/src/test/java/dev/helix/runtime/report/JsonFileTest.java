package dev.helix.runtime.report;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.helix.tensor.InvalidInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

final class JsonFileTest {
  @TempDir Path directory;

  /** Two optional fields, of which one may be left out. */
  @JsonInclude(JsonInclude.Include.NON_ABSENT)
  record Report(String name, List<Integer> tokens, Optional<Double> bound, Optional<String> note) {}

  /** A report that may break while it is being written. */
  record Fragile(boolean broken) {
    public String getText() {
      if (broken) {
        throw new IllegalStateException("the text is gone");
      }
      return "text";
    }
  }

  @Test
  void aReportIsWrittenWithTheNamesOfItsComponentsAndWithoutWhatIsAbsent() throws IOException {
    Path path = directory.resolve("report.json");
    JsonFile.at(path)
        .write(new Report("décodage", List.of(3, 1), Optional.of(0.1), Optional.empty()));
    JsonNode json = new ObjectMapper().readTree(Files.readAllBytes(path));
    JsonNode expected =
        new ObjectMapper().readTree("{\"name\":\"décodage\",\"tokens\":[3,1],\"bound\":0.1}");
    assertEquals(expected, json);
  }

  @Test
  void anEarlierReportIsReplacedWhole() throws IOException {
    Path path = directory.resolve("report.json");
    Files.writeString(path, "x".repeat(100_000));
    JsonFile.at(path).write(List.of(1));
    assertEquals("[ 1 ]", Files.readString(path));
    assertEquals(List.of(path), found());
  }

  @Test
  void aReportThatCannotBeWrittenLeavesTheEarlierOneAndNothingBesideIt() throws IOException {
    Path path = directory.resolve("report.json");
    Files.writeString(path, "earlier");
    JsonFile file = JsonFile.at(path);
    Exception refusal =
        assertThrows(InvalidInputException.class, () -> file.write(new Fragile(true)));
    assertTrue(
        refusal.getMessage().startsWith(path + ": cannot be written: "), refusal::getMessage);
    assertTrue(refusal.getMessage().contains("the text is gone"), refusal::getMessage);
    assertEquals("earlier", Files.readString(path));
    assertEquals(List.of(path), found());
  }

  @Test
  void aDirectoryThatVanishedMeanwhileIsNamed() throws IOException {
    Path inner = Files.createDirectory(directory.resolve("inner"));
    Path path = inner.resolve("report.json");
    JsonFile file = JsonFile.at(path);
    Files.delete(inner);
    Exception refusal = assertThrows(InvalidInputException.class, () -> file.write(List.of()));
    assertTrue(
        refusal.getMessage().startsWith(path + ": cannot be written: "), refusal::getMessage);
  }

  @Test
  void lookingAtAPlaceLeavesItAsItIs() throws IOException {
    Path path = directory.resolve("report.json");
    JsonFile.at(path);
    assertEquals(List.of(), found());
    Files.writeString(path, "earlier");
    JsonFile.at(path);
    assertEquals("earlier", Files.readString(path));
  }

  @Test
  void aPlaceThatNoFileCanTakeIsRefusedBeforehand() {
    assertRefused("expected a file to write, found a directory", directory);
    assertRefused("its directory does not exist", directory.resolve("missing").resolve("r.json"));
  }

  @Test
  void aPathWithoutADirectoryIsInTheWorkingDirectory() {
    assertDoesNotThrow(() -> JsonFile.at(Path.of("report-that-is-not-written.json")));
    assertRefused("found a directory", Path.of(""));
  }

  /** Moving a report there would put a plain file in its place. */
  @Test
  @DisabledOnOs(
      value = OS.WINDOWS,
      disabledReason = "there is no /dev/null, and links need a privilege")
  void aLinkOrADeviceIsNotReplaced() throws IOException {
    String message = "expected a file to write, found a link or a device";
    assertRefused(message, Path.of("/dev/null"));
    Path file = Files.createFile(directory.resolve("file"));
    assertRefused(message, Files.createSymbolicLink(directory.resolve("link"), file));
    Path nothing = directory.resolve("nothing");
    assertRefused(message, Files.createSymbolicLink(directory.resolve("dangling"), nothing));
  }

  @Test
  void whoeverMayReadOtherNewFilesMayReadTheReport() throws IOException {
    assumeTrue(Files.getFileStore(directory).supportsFileAttributeView("posix"));
    Path path = directory.resolve("report.json");
    JsonFile.at(path).write(List.of());
    Path other = Files.createFile(directory.resolve("other"));
    assertEquals(Files.getPosixFilePermissions(other), Files.getPosixFilePermissions(path));
  }

  private List<Path> found() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.toList();
    }
  }

  private static void assertRefused(String message, Path path) {
    Exception refusal = assertThrows(InvalidInputException.class, () -> JsonFile.at(path));
    assertTrue(refusal.getMessage().contains(message), refusal::getMessage);
    assertTrue(refusal.getMessage().startsWith(path + ": "), refusal::getMessage);
  }
}
