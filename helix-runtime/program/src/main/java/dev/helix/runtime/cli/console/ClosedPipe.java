package dev.helix.runtime.cli.console;

import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * Thrown if nobody reads what the program writes any more, as after {@code helix decode | head -1}.
 * This is no fault and needs no message: the program ends with {@link ExitStatus#PIPE_CLOSED}.
 */
public final class ClosedPipe extends UncheckedIOException {
  private static final long serialVersionUID = 1L;

  ClosedPipe(IOException cause) {
    super(cause);
  }

  /** Whether an exception was caused by a closed pipe, on whatever thread it was found. */
  public static boolean isBehind(Throwable thrown) {
    for (Throwable e = thrown; e != null; e = e.getCause()) {
      if (e instanceof ClosedPipe) {
        return true;
      }
    }
    return false;
  }
}
