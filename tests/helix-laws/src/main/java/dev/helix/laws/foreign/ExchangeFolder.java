package dev.helix.laws.foreign;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A directory for the files that a program reads and writes, and the processes that work in it. The
 * processes are ended and the directory is deleted when this object is closed or when the JVM ends.
 */
final class ExchangeFolder implements AutoCloseable {
  private static final int QUOTED = 200;

  private final Path directory;
  private final Thread atExit = new Thread(this::clear, "helix-laws-exit");
  private final Set<ProcessHandle> started = new LinkedHashSet<>();

  /** Makes the directory. */
  ExchangeFolder() throws IOException {
    this.directory = Files.createTempDirectory("helix-laws-");
    Runtime.getRuntime().addShutdownHook(atExit);
  }

  Path questions() {
    return directory.resolve("cases.safetensors");
  }

  Path answers() {
    return directory.resolve("answers.safetensors");
  }

  /** The file that has what the program prints. */
  Path log() {
    return directory.resolve("log");
  }

  /** The last line that the program printed, as far as there is room; or "none". */
  String lastWords() throws IOException {
    String text = new String(Files.readAllBytes(log()), StandardCharsets.UTF_8);
    Optional<String> last = text.lines().filter(line -> !line.isBlank()).reduce((a, b) -> b);
    return quoted(last.orElse("none"));
  }

  /** A line of a program as far as a message has room for it. */
  static String quoted(String line) {
    String text = line.strip();
    return text.length() <= QUOTED ? text : text.substring(0, QUOTED) + "…";
  }

  /** Notes what a process has started itself: once it has ended, those are nobody's children. */
  synchronized void note(Process process) {
    started.add(process.toHandle());
    process.descendants().forEach(started::add);
  }

  /** Ends all processes that were noted. */
  synchronized void endProcesses() {
    started.forEach(ProcessHandle::destroyForcibly);
    started.clear();
  }

  @Override
  public void close() {
    clear();
    try {
      Runtime.getRuntime().removeShutdownHook(atExit);
    } catch (IllegalStateException e) {
      // The JVM is ending: the hook does the same, once more.
    }
  }

  private void clear() {
    endProcesses();
    for (Path path : List.of(questions(), answers(), log(), directory)) {
      try {
        Files.deleteIfExists(path);
      } catch (IOException e) {
        // In a directory for what may be lost.
      }
    }
  }
}
