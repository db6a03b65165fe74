package dev.helix.runtime.cli;

import dev.helix.runtime.cli.console.ExitStatus;
import dev.helix.runtime.cli.decode.DecodeCommand;
import dev.helix.runtime.cli.laws.LawsCommand;
import dev.helix.runtime.cli.time.TimeCommand;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import picocli.CommandLine;

/** The program {@code helix}. */
public final class Main {
  private Main() {}

  /** Runs the command and, unless it went well, ends the JVM with its exit status. */
  public static void main(String[] arguments) {
    // Digits and points in messages are the same everywhere.
    Locale.setDefault(Locale.ROOT);
    int status = run(utf8(System.out), utf8(System.err), arguments);
    if (status != ExitStatus.DONE) {
      System.exit(status);
    }
  }

  /**
   * Runs the command.
   *
   * @return the exit status, as {@link ExitStatus} lists them
   */
  public static int run(PrintStream out, PrintStream err, String... arguments) {
    CommandLine line = commands(out, err);
    line.setOut(new PrintWriter(out, true, StandardCharsets.UTF_8));
    line.setErr(new PrintWriter(err, true, StandardCharsets.UTF_8));
    // Each --prompt is another request; of options that name one thing, the last counts.
    line.setOverwrittenOptionsAllowed(true);
    line.setParameterExceptionHandler((e, given) -> Failures.badArguments(e, err));
    line.setExecutionExceptionHandler((e, command, parsed) -> Failures.explain(e, err));
    try {
      int status = line.execute(arguments);
      if (out.checkError()) {
        err.println("helix: standard output: not everything could be written");
        return status == ExitStatus.DONE ? ExitStatus.FAILED : status;
      }
      return status;
    } catch (OutOfMemoryError e) {
      return Failures.explain(e, err);
    } finally {
      out.flush();
      err.flush();
    }
  }

  /** The program's commands with their options and their words of help, as the manual has them. */
  public static CommandLine commands(PrintStream out, PrintStream err) {
    CommandLine line = new CommandLine(new HelixCommand());
    line.addSubcommand(new DecodeCommand(out, err));
    line.addSubcommand(new TimeCommand(out));
    line.addSubcommand(new LawsCommand(out, err));
    return line;
  }

  private static PrintStream utf8(PrintStream stream) {
    return new PrintStream(stream, true, StandardCharsets.UTF_8);
  }
}
