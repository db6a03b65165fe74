package dev.helix.laws.foreign;

/** Thrown when a program crashed, was too slow, or left no file that can be read. */
public final class ProgramFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  ProgramFailure(String message) {
    super(message);
  }
}
