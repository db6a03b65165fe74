package dev.helix.laws;

/**
 * Thrown out of a law's code when it looks at an answer that is not there yet; the law is tried
 * again when there is one. It is an error because laws take exceptions for answers of the
 * implementation.
 */
public final class Unanswered extends Error {
  private static final long serialVersionUID = 1L;

  /** Creates one without a stack trace, as nobody looks at it. */
  public Unanswered() {
    super("the answer is still to come", null, false, false);
  }
}
