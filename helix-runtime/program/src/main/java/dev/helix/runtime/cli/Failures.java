package dev.helix.runtime.cli;

import dev.helix.runtime.cli.console.ExitStatus;
import dev.helix.tensor.InvalidInputException;
import dev.helix.tensor.mesh.RankFailure;
import java.io.PrintStream;
import picocli.CommandLine;

/** Turns what went wrong into one line and an exit status. */
final class Failures {
  private Failures() {}

  /** Arguments that the command line does not understand. */
  static int badArguments(CommandLine.ParameterException e, PrintStream err) {
    say(
        err,
        e.getMessage()
            + " (see "
            + e.getCommandLine().getCommandSpec().qualifiedName()
            + " --help)");
    return ExitStatus.BAD_INPUT;
  }

  /** Anything that a command threw. */
  static int explain(Throwable thrown, PrintStream err) {
    Throwable e = thrown;
    if (e instanceof RankFailure && e.getCause() instanceof InvalidInputException) {
      // Found by the rank that happened to look first; it is not about that rank.
      e = e.getCause();
    }
    if (e instanceof InvalidInputException) {
      say(err, e.getMessage());
      return ExitStatus.BAD_INPUT;
    }
    boolean named = e instanceof RankFailure && e.getMessage() != null;
    say(err, named ? e.getMessage() : e.toString());
    return ExitStatus.FAILED;
  }

  private static void say(PrintStream err, String message) {
    err.println("helix: " + message.strip().replaceAll("\\s*\\R\\s*", " "));
  }
}
