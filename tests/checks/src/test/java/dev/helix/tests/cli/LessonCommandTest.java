package dev.helix.tests.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where {@code helix lesson} refuses to write; what it writes is another test's subject. */
class LessonCommandTest {
  private static final String NAME = "helix-lesson.html";

  @TempDir private Path directory;

  @Test
  void whatIsNoFolderIsRefusedAndNothingIsLeft() throws IOException {
    Path file = Files.writeString(directory.resolve("file"), "kept");
    refused(file, "--out: expected a folder, found a file: ");
    refused(file.resolve("below"), "--out: the folder cannot be made: ");
    refused(directory.resolve("no").resolve("parent"), "--out: the folder cannot be made: ");
    assertEquals(List.of("file"), names(directory));
    assertEquals("kept", Files.readString(file));
  }

  @Test
  void aFolderStandsInTheWayOfThePage() throws IOException {
    Path folder = Files.createDirectory(directory.resolve(NAME));
    HelixProgram.run("lesson", "--out", directory.toString()).assertRefused("--out: ");
    assertEquals(List.of(NAME), names(directory));
    assertEquals(List.of(), names(folder));
  }

  /** A file system that takes no file, even from one who may do everything. */
  @Test
  void anUnwritablePlaceIsRefused() {
    Path proc = Path.of("/proc/self");
    assumeTrue(Files.isDirectory(proc));
    refused(proc, "--out: " + proc.resolve(NAME) + ": its directory is not writable");
    refused(proc.resolve("made"), "--out: the folder cannot be made: ");
  }

  private static void refused(Path out, String words) {
    HelixProgram.run("lesson", "--out", out.toString()).assertRefused(words);
  }

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }
}
