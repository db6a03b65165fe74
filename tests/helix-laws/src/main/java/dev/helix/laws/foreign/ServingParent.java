package dev.helix.laws.foreign;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/**
 * The process that has started this one is the program: it reads lines with the names of two files
 * from this process's standard output, and answers with the line {@code done} on its standard
 * input.
 */
final class ServingParent extends AnsweringProcess {
  private final long timeoutSeconds;
  private final OutputStream out = new FileOutputStream(FileDescriptor.out);
  private final AnswerLines lines = new AnswerLines(System.in);

  ServingParent(long timeoutSeconds, ExchangeFolder folder) {
    super(folder);
    this.timeoutSeconds = timeoutSeconds;
  }

  @Override
  void answer() throws IOException {
    try {
      out.write("%s\t%s\n".formatted(questions(), answers()).getBytes(StandardCharsets.UTF_8));
      out.flush();
    } catch (IOException e) {
      throw new ProgramFailure("ended: nobody reads standard output any more");
    }
    lines.await(timeoutSeconds, rounds(), () -> {}, () -> "standard input has ended");
  }
}
