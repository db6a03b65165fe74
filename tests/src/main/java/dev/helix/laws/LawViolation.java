package dev.helix.laws;

/** A law does not hold: the message is the law, the input, what was expected and what came. */
public class LawViolation extends AssertionError {
  private static final long serialVersionUID = 1L;

  LawViolation(String message) {
    super(message);
  }

  /** The implementation threw: a violation, but where an error is what the law asks for. */
  static final class Refusal extends LawViolation {
    private static final long serialVersionUID = 1L;

    Refusal(String message) {
      super(message);
    }
  }
}
