package dev.helix.laws;

/** A law does not hold: the message is the law, the input, what was expected and what came. */
public class LawViolation extends AssertionError {
  private static final long serialVersionUID = 1L;

  private final String claim;

  /** A violation whose kind is its own words. */
  public LawViolation(String message) {
    this(message, message);
  }

  /**
   * A violation of a claim.
   *
   * @param claim whose words, not its numbers, are the kind of the violation
   */
  public LawViolation(String message, String claim) {
    super(message);
    this.claim = claim;
  }

  /** The same in a sentence that also names the law and the input. */
  LawViolation saying(String sentence) {
    return new LawViolation(sentence, claim);
  }

  final String claim() {
    return claim;
  }

  /**
   * Whether another violation is of the same kind, as a simpler case has to show lest another fault
   * take the place of this one.
   */
  public final boolean isLike(LawViolation other) {
    return kind().equals(other.kind());
  }

  private String kind() {
    String words = claim.replaceAll("[-\\d.,\\[\\]]+(E-?\\d+)?", "#").replaceAll("(# ?)+", "# ");
    return getClass().getSimpleName() + " " + words;
  }

  /** The answer is NaN or infinite where a number was expected. */
  static final class NotFinite extends LawViolation {
    private static final long serialVersionUID = 1L;

    NotFinite(String message, String claim) {
      super(message, claim);
    }

    @Override
    LawViolation saying(String sentence) {
      return new NotFinite(sentence, claim());
    }
  }

  /** The implementation threw: a violation, but where an error is what the law asks for. */
  public static final class Refusal extends LawViolation {
    private static final long serialVersionUID = 1L;

    public Refusal(String message) {
      super(message);
    }

    private Refusal(String message, String claim) {
      super(message, claim);
    }

    @Override
    LawViolation saying(String sentence) {
      return new Refusal(sentence, claim());
    }
  }
}
