package dev.helix.laws.foreign;

import java.io.IOException;

/**
 * How a program is run.
 *
 * @param command the command for the shell; not used by {@link Way#PARENT}
 * @param timeoutSeconds time limit of the answer to one file
 * @param roundsToSimplify largest number of files that are spent in search of simpler cases; one
 *     file serves all broken laws
 */
public record ProgramRun(String command, Way way, long timeoutSeconds, int roundsToSimplify) {
  /** How often a program is started, and how it learns the names of files. */
  public enum Way {
    /** It is started for each file, with the names of both files as its last arguments. */
    EACH_FILE,
    /** It is started once, and reads a line with the names of both files from standard input. */
    SERVING,
    /** It is the process that has started this one, and is asked on standard output. */
    PARENT
  }

  /** Begins the run. */
  AnsweringProcess begin() throws IOException {
    ExchangeFolder folder = new ExchangeFolder();
    return switch (way) {
      case EACH_FILE -> new StartedProgram(command, timeoutSeconds, folder);
      case SERVING -> new ServingProgram(command, timeoutSeconds, folder);
      case PARENT -> new ServingParent(timeoutSeconds, folder);
    };
  }
}
