package dev.helix.laws.merge;

import dev.helix.attention.convention.Convention;
import dev.helix.laws.Inquiry;
import dev.helix.laws.Law;
import dev.helix.laws.LawViolation;
import dev.helix.laws.Trial;
import dev.helix.laws.merge.cases.MergeCase;
import dev.helix.laws.merge.states.Stack;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Supplier;

/** The trial of one law of the merge, against one implementation, on one case. */
final class MergeTrial extends Trial {
  private final Subject subject;
  private final MergeCase given;
  private final Stack stack;
  private final List<Inquiry> inquiries = new ArrayList<>();
  private Stack shown;

  MergeTrial(Law law, Subject subject, MergeCase given) {
    super(law);
    this.subject = Fitted.to(Contracted.to(recorded(subject)));
    this.given = ContractedCase.of(subject.convention(), given);
    this.stack = Stack.of(subject.convention(), this.given);
    this.shown = stack;
  }

  /** Wraps a subject so that each question is noted, in the sizes in which it is sent. */
  private Subject recorded(Subject asked) {
    return new Subject() {
      @Override
      public Declaration declaration() {
        return asked.declaration();
      }

      @Override
      public Supplier<Answer> merge(Stack question) {
        Supplier<Answer> answer;
        try {
          answer = asked.merge(question);
        } catch (LawViolation e) {
          answer =
              () -> {
                throw e;
              };
        }
        inquiries.add(new MergeInquiry(declaration(), question, answer));
        return answer;
      }
    };
  }

  @Override
  public List<Inquiry> inquiries() {
    return List.copyOf(inquiries);
  }

  MergeCase given() {
    return given;
  }

  Declaration declaration() {
    return subject.declaration();
  }

  Convention convention() {
    return subject.convention();
  }

  /** The case with its numbers rounded to the implementation's grid. */
  Stack stack() {
    return stack;
  }

  SplittableRandom choices() {
    return new SplittableRandom(given.seed());
  }

  /** Asks for a merge. */
  Supplier<Answer> merge(Stack asked) {
    called();
    return subject.merge(asked);
  }

  /**
   * Notes an input that the law made from the case itself, so that a message about a failure shows
   * it.
   */
  void about(Stack other) {
    shown = other;
  }

  /** Compares a component of an output with a true value. */
  void output(String claim, int row, int i, double expected, double got, double bound) {
    output(claim, row, i, expected, got, bound, false);
  }

  /** Compares components of two outputs. */
  void outputs(String claim, int row, int i, double one, double other, double bound) {
    output(claim, row, i, one, other, bound, true);
  }

  private void output(
      String claim, int row, int i, double expected, double got, double bound, boolean answers) {
    Supplier<Shown> shown =
        () ->
            new Shown(
                claim,
                "output of token %d, head %d, component %d".formatted(token(row), head(row), i),
                convention().formats().answer(),
                String.valueOf(expected),
                String.valueOf(got),
                answers);
    within(shown, expected, got, bound);
  }

  /** Compares a log-sum-exp with a true value, if the implementation returns any. */
  void lse(String claim, int row, double expected, double got, double bound) {
    lse(claim, row, expected, got, bound, false);
  }

  /** Compares two log-sum-exps, if the implementation returns any. */
  void lses(String claim, int row, double one, double other, double bound) {
    lse(claim, row, one, other, bound, true);
  }

  private void lse(
      String claim, int row, double expected, double got, double bound, boolean answers) {
    if (declaration().returnsLse()) {
      Supplier<Shown> shown =
          () ->
              new Shown(
                  claim,
                  "LSE of token %d, head %d".formatted(token(row), head(row)),
                  convention().precision().lse(),
                  String.valueOf(convention().declared(expected)),
                  String.valueOf(convention().declared(got)),
                  answers);
      within(shown, expected, got, bound);
    }
  }

  /** Demands a condition that needs no bound. */
  void demand(boolean holds, Supplier<String> what) {
    require(holds, what);
  }

  private int token(int row) {
    return row / stack.heads();
  }

  private int head(int row) {
    return row % stack.heads();
  }

  @Override
  protected String input() {
    return shown.toString();
  }

  @Override
  protected void hold() {
    switch (law()) {
      case ASSOCIATIVE -> OrderChecks.associative(this);
      case COMMUTATIVE -> OrderChecks.commutative(this);
      case EMPTY_IDENTITY -> EmptyChecks.identity(this);
      case OWNERSHIP -> EmptyChecks.ownership(this);
      case FOLD_AND_TREE -> OrderChecks.foldAndTree(this);
      case PARTITION -> TokenChecks.partition(this);
      case NEEDLE -> TokenChecks.needle(this);
      case TOKEN_PERMUTATION -> TokenChecks.permutation(this);
      case SHIFT -> LseChecks.shift(this);
      case COPIES -> LseChecks.copies(this);
      case CONSTANT_VALUES -> ValueChecks.constantValues(this);
      case LINEAR -> ValueChecks.linear(this);
      case HULL -> ValueChecks.hull(this);
      case WEIGHTS -> ValueChecks.weights(this);
      case LSE_RANGE -> LseChecks.range(this);
      case BASES -> LseChecks.bases(this);
      case MAX_SUM -> LseChecks.maxSum(this);
      case ONE_RANK -> OrderChecks.oneRank(this);
      case NAN_IS_REPORTED -> ValueChecks.nanIsReported(this);
      default -> throw new IllegalArgumentException(law() + " is not a law of the merge");
    }
  }
}
