package dev.helix.runtime.cli;

import dev.helix.runtime.cli.console.ExitStatus;
import java.io.PrintStream;

/**
 * A command that another artifact adds to the program, found by {@link java.util.ServiceLoader}:
 * the law suite is built after the program that it tests.
 */
public interface CommandSource {
  /** The name of the command. */
  String name();

  /**
   * The picocli command, a {@code Callable<Integer>} that returns one of {@link ExitStatus}.
   *
   * @param out standard output
   * @param err standard error
   */
  Object command(PrintStream out, PrintStream err);
}
