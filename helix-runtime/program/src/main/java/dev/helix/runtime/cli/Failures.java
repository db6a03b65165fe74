package dev.helix.runtime.cli;

import dev.helix.runtime.cli.console.ClosedPipe;
import dev.helix.runtime.cli.console.Console;
import dev.helix.runtime.cli.console.ExitStatus;
import dev.helix.tensor.InvalidInputException;
import dev.helix.tensor.mesh.RankFailure;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** Turns a failure into one line and an exit status. */
final class Failures {
  private final Console console;

  Failures(Console console) {
    this.console = console;
  }

  /** Explains arguments that the command line does not understand. */
  int badArguments(ParameterException e) {
    say(ArgumentMessage.of(e));
    return ExitStatus.BAD_INPUT;
  }

  /**
   * Explains anything that a command threw.
   *
   * @param command the command whose options a message may be about
   */
  int explain(Throwable thrown, CommandLine command) {
    if (ClosedPipe.isBehind(thrown)) {
      return ExitStatus.PIPE_CLOSED;
    }
    Throwable e = thrown;
    if (e instanceof RankFailure && e.getCause() instanceof InvalidInputException) {
      // The rank that happened to look first found this. It is not about that rank.
      e = e.getCause();
    }
    if (e instanceof InvalidInputException) {
      say(OptionSubjects.named(e.getMessage(), command.getCommandSpec()));
      return ExitStatus.BAD_INPUT;
    }
    boolean named = e instanceof RankFailure && e.getMessage() != null;
    say(named ? e.getMessage() : e.toString());
    return ExitStatus.FAILED;
  }

  private void say(String message) {
    console.complain(message.strip().replaceAll("\\s*\\R\\s*", " "));
  }
}
