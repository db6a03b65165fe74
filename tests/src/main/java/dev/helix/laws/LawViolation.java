package dev.helix.laws;

/** A law does not hold: the message is the law, the input, what was expected and what came. */
public class LawViolation extends AssertionError {
  private static final long serialVersionUID = 1L;

  private final String kind;

  LawViolation(String message) {
    this(message, message);
  }

  /**
   * A violation of a claim.
   *
   * @param claim whose words, not its numbers, are the kind of the violation
   */
  LawViolation(String message, String claim) {
    super(message);
    this.kind = claim.replaceAll("[-\\d.,\\[\\]]+(E-?\\d+)?", "#").replaceAll("(# ?)+", "# ");
  }

  /** What a simpler case has to show too, lest another fault take the place of this one. */
  String kind() {
    return getClass().getSimpleName() + " " + kind;
  }

  /** The answer is NaN or infinite where a number was expected. */
  static final class NotFinite extends LawViolation {
    private static final long serialVersionUID = 1L;

    NotFinite(String message, String claim) {
      super(message, claim);
    }
  }

  /** The implementation threw: a violation, but where an error is what the law asks for. */
  static final class Refusal extends LawViolation {
    private static final long serialVersionUID = 1L;

    Refusal(String message) {
      super(message);
    }
  }
}
