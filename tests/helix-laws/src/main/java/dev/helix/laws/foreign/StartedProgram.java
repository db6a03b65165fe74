package dev.helix.laws.foreign;

import java.io.IOException;
import java.util.concurrent.TimeUnit;

/** Starts a program for each file, with the names of both files as its last arguments. */
final class StartedProgram extends AnsweringProcess {
  /** A look reads about all processes of the machine: the longer a program runs, the fewer. */
  private static final long FIRST_LOOK_MILLIS = 20;

  private static final long LONGEST_LOOK_MILLIS = 320;

  private final String command;
  private final long timeoutSeconds;

  /**
   * @param command the command for the shell, to which two file names are appended
   */
  StartedProgram(String command, long timeoutSeconds, ExchangeFolder folder) {
    super(folder);
    this.command = command;
    this.timeoutSeconds = timeoutSeconds;
  }

  @Override
  void answer() throws IOException {
    Process process =
        new ProcessBuilder(
                "sh",
                "-c",
                command + " \"$1\" \"$2\"",
                "helix laws --exec",
                questions().toString(),
                answers().toString())
            .redirectErrorStream(true)
            .redirectOutput(folder().log().toFile())
            .redirectInput(ProcessBuilder.Redirect.from(questions().toFile()))
            .start();
    try {
      await(process);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ProgramFailure("interrupted while the program ran");
    } finally {
      folder().endProcesses();
    }
    if (process.exitValue() != 0) {
      throw new ProgramFailure(
          "crashed: exit status %d at start %d, its last words: %s"
              .formatted(process.exitValue(), rounds(), folder().lastWords()));
    }
  }

  private void await(Process process) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(timeoutSeconds);
    boolean ended = false;
    for (long look = FIRST_LOOK_MILLIS; !ended; look = Math.min(2 * look, LONGEST_LOOK_MILLIS)) {
      folder().note(process);
      if (System.nanoTime() - end > 0) {
        throw new ProgramFailure(
            "late: no answer within %d s, at start %d".formatted(timeoutSeconds, rounds()));
      }
      ended = process.waitFor(look, TimeUnit.MILLISECONDS);
    }
  }
}
