package dev.helix.laws.merge.foreign;

import dev.helix.laws.Inquiry;
import dev.helix.laws.Law;
import dev.helix.laws.LawOutcome;
import dev.helix.laws.Trial;
import dev.helix.laws.merge.Answer;
import dev.helix.laws.merge.Declaration;
import dev.helix.laws.merge.MergeTrials;
import dev.helix.laws.merge.Stack;
import dev.helix.laws.merge.Subject;
import dev.helix.laws.merge.cases.MergeCase;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The trial of one law on one case, for an implementation that answers later. The law's code runs
 * from its start each time there are new answers. It is given the answers that are known, and stops
 * at the first one that is not.
 */
final class Replay implements Subject {
  private final Law law;
  private final MergeCase given;
  private final Declaration declared;
  private final List<Supplier<Answer>> answers = new ArrayList<>();
  private final List<Stack> questions = new ArrayList<>();
  private int asked;
  private Optional<LawOutcome> outcome = Optional.empty();
  private List<Inquiry> inquiries = List.of();

  Replay(Law law, MergeCase given, Declaration declared) {
    this.law = law;
    this.given = given;
    this.declared = declared;
  }

  Law law() {
    return law;
  }

  MergeCase given() {
    return given;
  }

  /** The outcome of the trial; empty while there are open questions. */
  Optional<LawOutcome> outcome() {
    return outcome;
  }

  /** All questions that the law asked; complete once there is an outcome. */
  List<Inquiry> inquiries() {
    return inquiries;
  }

  /** The questions that have to be answered before the trial can go on. */
  List<Stack> questions() {
    return List.copyOf(questions);
  }

  /**
   * Takes the answers to the open questions. Calling {@code get} of an answer may throw a law's
   * violation.
   */
  void answer(List<Supplier<Answer>> given) {
    answers.addAll(given);
    questions.clear();
  }

  /** Runs the law's code as far as the answers reach. */
  void run() {
    asked = 0;
    try {
      Trial trial = new MergeTrials(this).trial(law, given);
      outcome = Optional.of(LawOutcome.of(law, trial));
      inquiries = trial.inquiries();
      questions.clear();
    } catch (Unanswered e) {
      // The questions that it left behind are asked before the next run.
    }
  }

  @Override
  public Declaration declaration() {
    return declared;
  }

  @Override
  public Supplier<Answer> merge(Stack stack) {
    int index = asked++;
    if (index < answers.size()) {
      return answers.get(index);
    }
    questions.add(stack);
    return () -> {
      throw new Unanswered();
    };
  }
}
