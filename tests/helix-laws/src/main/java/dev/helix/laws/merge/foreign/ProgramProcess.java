package dev.helix.laws.merge.foreign;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Starts a program as often as needed, with the name of a file to read and the name of a file to
 * write. Both are in a directory of their own, which is deleted when this object is closed or when
 * the JVM ends.
 */
final class ProgramProcess implements AutoCloseable {
  private static final int QUOTED = 200;
  private static final long LOOK_MILLIS = 20;

  private final String command;
  private final long timeoutSeconds;
  private final Path directory;
  private final Thread atExit = new Thread(this::clear, "helix-laws-exit");
  private final Set<ProcessHandle> started = new LinkedHashSet<>();
  private int starts;

  /**
   * Makes the directory.
   *
   * @param command the command for the shell, to which two file names are appended
   */
  ProgramProcess(String command, long timeoutSeconds) throws IOException {
    this.command = command;
    this.timeoutSeconds = timeoutSeconds;
    this.directory = Files.createTempDirectory("helix-laws-");
    Runtime.getRuntime().addShutdownHook(atExit);
  }

  /** The file that the program reads. */
  Path questions() {
    return directory.resolve("cases.safetensors");
  }

  /** The file that the program writes. */
  Path answers() {
    return directory.resolve("answers.safetensors");
  }

  private Path log() {
    return directory.resolve("log");
  }

  int starts() {
    return starts;
  }

  /**
   * Runs the program once, to its end.
   *
   * @throws ForeignProgram.Failure if it crashed, was too slow or wrote nothing
   */
  void start() throws IOException {
    starts++;
    Files.deleteIfExists(answers());
    Process process =
        new ProcessBuilder(
                "sh",
                "-c",
                command + " \"$1\" \"$2\"",
                "helix laws --exec",
                questions().toString(),
                answers().toString())
            .redirectErrorStream(true)
            .redirectOutput(log().toFile())
            .redirectInput(ProcessBuilder.Redirect.from(questions().toFile()))
            .start();
    try {
      await(process);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ForeignProgram.Failure("interrupted while the program ran");
    } finally {
      end();
    }
    if (process.exitValue() != 0) {
      throw new ForeignProgram.Failure(
          "crashed: exit status %d at start %d, its last words: %s"
              .formatted(process.exitValue(), starts, lastLine()));
    }
    if (!Files.isRegularFile(answers())) {
      throw new ForeignProgram.Failure(
          "missing: the program ended well and wrote no file of answers, at start " + starts);
    }
  }

  /** Notes what the program starts itself: once it has ended, those are nobody's children. */
  private void await(Process process) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(timeoutSeconds);
    boolean ended = false;
    while (!ended) {
      note(process);
      if (System.nanoTime() - end > 0) {
        throw new ForeignProgram.Failure(
            "late: no answer within %d s, at start %d".formatted(timeoutSeconds, starts));
      }
      ended = process.waitFor(LOOK_MILLIS, TimeUnit.MILLISECONDS);
    }
  }

  private synchronized void note(Process process) {
    started.add(process.toHandle());
    process.descendants().forEach(started::add);
  }

  private synchronized void end() {
    started.forEach(ProcessHandle::destroyForcibly);
    started.clear();
  }

  private String lastLine() throws IOException {
    String text = new String(Files.readAllBytes(log()), StandardCharsets.UTF_8);
    Optional<String> last = text.lines().filter(line -> !line.isBlank()).reduce((a, b) -> b);
    String line = last.orElse("none").strip();
    return line.length() <= QUOTED ? line : line.substring(0, QUOTED) + "…";
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
    end();
    for (Path path : List.of(questions(), answers(), log(), directory)) {
      try {
        Files.deleteIfExists(path);
      } catch (IOException e) {
        // In a directory for what may be lost.
      }
    }
  }
}
