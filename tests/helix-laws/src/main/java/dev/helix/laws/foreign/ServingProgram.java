package dev.helix.laws.foreign;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/**
 * A program that is started once and stays alive. For each file it is given a line with the names
 * of both files, a tab between them, and prints the line {@code done} when its answers are written.
 */
final class ServingProgram extends AnsweringProcess {
  /** Time that the program has to end by itself when there are no more questions. */
  private static final long LAST_SECONDS = 2;

  /** Time from the end of its output to its own end: much longer than a busy machine takes. */
  private static final long SECONDS_TO_EXIT = 20;

  private final long timeoutSeconds;
  private final Process process;
  private final AnswerLines lines;

  /** Starts the program. */
  ServingProgram(String command, long timeoutSeconds, ExchangeFolder folder) throws IOException {
    super(folder);
    this.timeoutSeconds = timeoutSeconds;
    this.process =
        new ProcessBuilder("sh", "-c", command).redirectError(folder.log().toFile()).start();
    folder.note(process);
    this.lines = new AnswerLines(process.getInputStream());
  }

  @Override
  void answer() throws IOException {
    try {
      OutputStream input = process.getOutputStream();
      input.write("%s\t%s\n".formatted(questions(), answers()).getBytes(StandardCharsets.UTF_8));
      input.flush();
    } catch (IOException e) {
      // It has ended already, or has closed its input; its output says which, or is late.
    }
    lines.await(timeoutSeconds, rounds(), () -> folder().note(process), this::ending);
  }

  private String ending() throws IOException {
    try {
      return process.waitFor(SECONDS_TO_EXIT, TimeUnit.SECONDS)
          ? "exit status %d before the line '%s', its last words: %s"
              .formatted(process.exitValue(), AnswerLines.DONE, folder().lastWords())
          : "the program closed its standard output and still runs";
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "interrupted while it ended";
    }
  }

  @Override
  public void close() {
    try {
      process.getOutputStream().close();
      if (!process.waitFor(LAST_SECONDS, TimeUnit.SECONDS)) {
        folder().note(process);
      }
    } catch (IOException e) {
      // It has ended already.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    super.close();
  }
}
