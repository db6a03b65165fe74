package dev.helix.laws;

import java.util.List;

/** A law does not hold: the message is the law, the input, what was expected and what came. */
public class LawViolation extends AssertionError {
  private static final long serialVersionUID = 1L;

  private static final String DIAGNOSIS = ". Diagnosis: ";

  private final String claim;
  private final transient List<Inquiry> inquiries;

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
    this(message, claim, List.of());
  }

  private LawViolation(String message, String claim, List<Inquiry> inquiries) {
    super(message);
    this.claim = claim;
    this.inquiries = inquiries;
  }

  /**
   * The same in a sentence that also names the law and the input.
   *
   * @param asked all that the law asked on the way to the violation
   */
  LawViolation saying(String sentence, List<Inquiry> asked) {
    return new LawViolation(sentence, claim, asked);
  }

  /** The same, and the known fault that gives all answers, if there is one. */
  LawViolation diagnosed() {
    return Diagnosis.of(inquiries)
        .map(found -> saying(getMessage() + DIAGNOSIS + found.sentence(), inquiries))
        .orElse(this);
  }

  /** The message without the known fault that may be named at its end. */
  public final String withoutDiagnosis() {
    int end = getMessage().indexOf(DIAGNOSIS);
    return end < 0 ? getMessage() : getMessage().substring(0, end);
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

    private NotFinite(String message, String claim, List<Inquiry> asked) {
      super(message, claim, asked);
    }

    @Override
    LawViolation saying(String sentence, List<Inquiry> asked) {
      return new NotFinite(sentence, claim(), asked);
    }
  }

  /** The implementation threw: a violation, but where an error is what the law asks for. */
  public static final class Refusal extends LawViolation {
    private static final long serialVersionUID = 1L;

    public Refusal(String message) {
      super(message);
    }

    private Refusal(String message, String claim, List<Inquiry> asked) {
      super(message, claim, asked);
    }

    @Override
    LawViolation saying(String sentence, List<Inquiry> asked) {
      return new Refusal(sentence, claim(), asked);
    }
  }
}
