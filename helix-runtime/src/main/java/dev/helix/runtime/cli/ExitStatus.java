package dev.helix.runtime.cli;

/** What the program's exit status says. */
final class ExitStatus {
  /** Done, and verified unless that was switched off. */
  static final int DONE = 0;

  /** Done, but the result does not agree with the baseline. */
  static final int NOT_VERIFIED = 1;

  /** Something that was given is wrong. */
  static final int BAD_INPUT = 2;

  /** A rank or the program itself failed. */
  static final int FAILED = 3;

  private ExitStatus() {}
}
