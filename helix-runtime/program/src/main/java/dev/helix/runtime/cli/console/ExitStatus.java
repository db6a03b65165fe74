package dev.helix.runtime.cli.console;

/** What the program's exit status says. */
public final class ExitStatus {
  /** Done, and verified unless that was switched off. */
  public static final int DONE = 0;

  /** Done, but the result does not agree with the baseline. */
  public static final int NOT_VERIFIED = 1;

  /** Something that was given is wrong. */
  public static final int BAD_INPUT = 2;

  /** A rank failed, the program itself, or one that it was to put to the test. */
  public static final int FAILED = 3;

  /** Nobody reads what is written: 128 + 13, as for a program that SIGPIPE ends. */
  public static final int PIPE_CLOSED = 141;

  private ExitStatus() {}
}
