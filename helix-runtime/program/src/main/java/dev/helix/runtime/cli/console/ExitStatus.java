package dev.helix.runtime.cli.console;

/** The meanings of the program's exit status. */
public final class ExitStatus {
  /** The command is done, and its result is verified unless that was switched off. */
  public static final int DONE = 0;

  /** The command is done, but its result does not agree with the baseline. */
  public static final int NOT_VERIFIED = 1;

  /** Something that the user gave is wrong. */
  public static final int BAD_INPUT = 2;

  /** A rank failed, or the program itself, or a program that it was to test. */
  public static final int FAILED = 3;

  /** Nobody reads what is written. The number is 128 + 13, as for a program that SIGPIPE ends. */
  public static final int PIPE_CLOSED = 141;

  private ExitStatus() {}
}
