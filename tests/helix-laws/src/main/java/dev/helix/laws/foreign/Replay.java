package dev.helix.laws.foreign;

import dev.helix.laws.Inquiry;
import dev.helix.laws.Law;
import dev.helix.laws.LawOutcome;
import dev.helix.laws.LawSuite;
import dev.helix.laws.SeamTrials;
import dev.helix.laws.Trial;
import dev.helix.laws.Unanswered;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The trial of one law on one case, for an implementation that answers later. The law's code runs
 * from its start each time there are new answers. It is given the answers that are known, and stops
 * at the first one that is not.
 */
final class Replay<C, Q, A> {
  private final ForeignSeam<C, Q, A> seam;
  private final Law law;
  private final C given;
  private final List<Supplier<A>> answers = new ArrayList<>();
  private final List<Q> questions = new ArrayList<>();
  private Optional<LawOutcome> outcome = Optional.empty();

  Replay(ForeignSeam<C, Q, A> seam, Law law, C given) {
    this.seam = seam;
    this.law = law;
    this.given = given;
  }

  Law law() {
    return law;
  }

  C given() {
    return given;
  }

  /** The outcome of the trial; empty while there are open questions. */
  Optional<LawOutcome> outcome() {
    return outcome;
  }

  /** All questions that the law asked; complete once there is an outcome. */
  List<? extends Inquiry> inquiries() {
    return LawSuite.asked(law, known(), given);
  }

  /** The questions that have to be answered before the trial can go on. */
  List<Q> questions() {
    return List.copyOf(questions);
  }

  /**
   * Takes the answers to the open questions. Calling {@code get} of an answer may throw a law's
   * violation.
   */
  void answer(List<Supplier<A>> given) {
    answers.addAll(given);
    questions.clear();
  }

  /** Runs the law's code as far as the answers reach. */
  void run() {
    questions.clear();
    try {
      outcome = Optional.of(LawOutcome.of(law, trial(false)));
    } catch (Unanswered e) {
      // The questions that it left behind are asked before the next run.
      askAhead();
    }
  }

  /** Finds all questions, if the seam's laws ask the same ones whatever the answers are. */
  private void askAhead() {
    if (seam.anyAnswer(questions.get(0)).isPresent()) {
      questions.clear();
      LawSuite.askAll(trial(true));
    }
  }

  private Trial trial(boolean ahead) {
    return seam.laws(new Known(ahead)::ask).trial(law, given);
  }

  /** The seam's laws with the answers that are known, for those who run the law's code again. */
  private SeamTrials<C> known() {
    SeamTrials<C> laws =
        seam.laws(
            question -> {
              throw new IllegalStateException("asked before a trial");
            });
    return new SeamTrials<>() {
      @Override
      public List<C> cases(long seed, int count) {
        return laws.cases(seed, count);
      }

      @Override
      public Trial trial(Law of, C which) {
        return Replay.this.trial(false);
      }

      @Override
      public List<C> simpler(C which) {
        return laws.simpler(which);
      }

      @Override
      public boolean judgesAnswers() {
        return laws.judgesAnswers();
      }
    };
  }

  /** The answers in the order of the questions, which is the same in every run. */
  private final class Known {
    private final boolean ahead;
    private int asked;

    /**
     * @param ahead whether a question that has no answer yet gets any answer
     */
    Known(boolean ahead) {
      this.ahead = ahead;
    }

    Supplier<A> ask(Q question) {
      int index = asked++;
      if (index < answers.size()) {
        return answers.get(index);
      }
      questions.add(question);
      return () -> answer(question);
    }

    private A answer(Q question) {
      return Optional.of(question)
          .filter(open -> ahead)
          .flatMap(seam::anyAnswer)
          .orElseThrow(Unanswered::new);
    }
  }
}
