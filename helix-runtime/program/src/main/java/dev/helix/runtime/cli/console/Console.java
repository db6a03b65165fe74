package dev.helix.runtime.cli.console;

import dev.helix.tensor.ControlCharacters;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;

/**
 * The two streams to which a command prints.
 *
 * @param out receives results
 * @param err receives warnings and failures, one line each
 */
public record Console(PrintStream out, PrintStream err) {
  /** Standard output and standard error, in the terminal's charset. */
  public static Console standard() {
    return new Console(StandardStream.output(), StandardStream.error());
  }

  /** The same console for a command whose results nobody should see. */
  public Console withoutResults() {
    return new Console(
        new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8), err);
  }

  /** The same console for a command whose standard output belongs to somebody else. */
  public Console onlyErrors() {
    return new Console(err, err);
  }

  /**
   * Prints a line to standard error that begins with the program's name. What it quotes cannot
   * steer the terminal.
   */
  public void complain(String line) {
    err.println("helix: " + ControlCharacters.escaped(line));
  }

  /** Standard output as a writer. */
  public PrintWriter outWriter() {
    return writer(out);
  }

  /** Standard error as a writer. */
  public PrintWriter errWriter() {
    return writer(err);
  }

  private static PrintWriter writer(PrintStream stream) {
    return new PrintWriter(
        new Writer() {
          @Override
          public void write(char[] characters, int offset, int length) {
            stream.print(new String(characters, offset, length));
          }

          @Override
          public void flush() {
            stream.flush();
          }

          @Override
          public void close() {
            stream.flush();
          }
        },
        true);
  }
}
