package dev.helix.laws;

import java.util.List;
import java.util.Optional;

/**
 * Thrown when a law does not hold. The message names the law and the input, and says what was
 * expected and what came.
 */
public class LawViolation extends AssertionError {
  private static final long serialVersionUID = 1L;

  private static final String DIAGNOSIS = ". Diagnosis: ";

  private final String claim;
  private final transient List<Inquiry> inquiries;
  private final transient Optional<Origin> origin;

  /**
   * A violation whose kind is given by the words of its message, as {@link #isLike} compares them.
   */
  public LawViolation(String message) {
    this(message, message);
  }

  /**
   * A violation of a claim.
   *
   * @param claim the claim that was violated; its words without its numbers are the kind of the
   *     violation
   */
  public LawViolation(String message, String claim) {
    this(message, new Context(claim, List.of(), Optional.empty()));
  }

  private LawViolation(String message, Context context) {
    super(message);
    this.claim = context.claim;
    this.inquiries = context.inquiries;
    this.origin = context.origin;
  }

  /** The facts that a violation knows beside its message. */
  private record Context(String claim, List<Inquiry> inquiries, Optional<Origin> origin) {}

  /** The same kind of violation, with another message and context. */
  LawViolation copy(String message, Context context) {
    return new LawViolation(message, context);
  }

  /**
   * The same violation with a message that also names the law and the input.
   *
   * @param asked all that the law asked on the way to the violation
   */
  LawViolation saying(String sentence, List<Inquiry> asked) {
    return copy(sentence, new Context(claim, asked, origin));
  }

  /** The same violation, which now also knows how its case came about. */
  public final LawViolation of(Origin where) {
    return copy(getMessage(), new Context(claim, inquiries, Optional.of(where)));
  }

  /**
   * All questions that the law asked before it was violated; empty at seams that do not judge
   * answers one by one.
   */
  public final List<Inquiry> inquiries() {
    return inquiries;
  }

  /** How its case came about, if it is known. */
  public final Optional<Origin> origin() {
    return origin;
  }

  /** Returns the same violation with these inquiries. */
  final LawViolation asking(List<Inquiry> asked) {
    return copy(getMessage(), new Context(claim, asked, origin));
  }

  /**
   * The same violation, with a message that also names the known fault that gives all answers, if
   * there is one.
   */
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

  /**
   * Whether another violation is of the same kind. A simpler case is accepted only if its violation
   * is, so that another fault does not take the place of this one.
   */
  public final boolean isLike(LawViolation other) {
    return kind().equals(other.kind());
  }

  private String kind() {
    String words = claim.replaceAll("[-\\d.,\\[\\]]+(E-?\\d+)?", "#").replaceAll("(# ?)+", "# ");
    return getClass().getSimpleName() + " " + words;
  }

  /** The violation that an answer is NaN or infinite where a number was expected. */
  static final class NotFinite extends LawViolation {
    private static final long serialVersionUID = 1L;

    NotFinite(String message, String claim) {
      super(message, claim);
    }

    private NotFinite(String message, Context context) {
      super(message, context);
    }

    @Override
    LawViolation copy(String message, Context context) {
      return new NotFinite(message, context);
    }
  }

  /**
   * The violation that the implementation threw an exception. Laws that ask for an error accept it.
   */
  public static final class Refusal extends LawViolation {
    private static final long serialVersionUID = 1L;

    public Refusal(String message) {
      super(message);
    }

    private Refusal(String message, Context context) {
      super(message, context);
    }

    @Override
    LawViolation copy(String message, Context context) {
      return new Refusal(message, context);
    }
  }
}
