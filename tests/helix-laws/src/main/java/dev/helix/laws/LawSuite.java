package dev.helix.laws;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;

/** Runs laws outside a test engine, over the cases of a seed. */
public final class LawSuite {
  private static final int MOST_SIMPLER = 400;

  /** Cases of a broken law whose answers are judged one by one. */
  public static final int MOST_JUDGED = 100;

  private LawSuite() {}

  /**
   * Runs one law on the cases of a seed, until one fails; that one is then simplified.
   *
   * @param count number of cases; every hard case is among them even if there are more hard cases
   *     than this
   * @throws IllegalArgumentException if the law holds at another seam
   */
  public static LawOutcome run(Law law, UnderTest subject, long seed, int count) {
    requireSeam(law, subject);
    return run(law, subject.laws(), seed, count);
  }

  private static <C> LawOutcome run(Law law, SeamTrials<C> laws, long seed, int count) {
    return run(law, laws, laws.cases(seed, count));
  }

  /** Runs one law over cases until one fails; that one is then simplified. */
  public static <C> LawOutcome run(Law law, SeamTrials<C> laws, List<C> cases) {
    return run(law, laws, cases, (given, violation) -> simplest(law, laws, given, violation));
  }

  /**
   * Like {@link #run(Law, UnderTest, long, int)}, but a case that breaks the law is not simplified.
   * This is quicker for a caller who asks only whether a law is broken.
   */
  public static LawOutcome verdict(Law law, UnderTest subject, long seed, int count) {
    requireSeam(law, subject);
    return verdict(law, subject.laws(), seed, count);
  }

  private static <C> LawOutcome verdict(Law law, SeamTrials<C> laws, long seed, int count) {
    return verdict(law, laws, laws.cases(seed, count));
  }

  /** Like {@link #run(Law, SeamTrials, List)}, but a case that breaks the law is not simplified. */
  public static <C> LawOutcome verdict(Law law, SeamTrials<C> laws, List<C> cases) {
    return run(law, laws, cases, (given, violation) -> violation);
  }

  private static void requireSeam(Law law, UnderTest subject) {
    if (law.seam() != subject.seam()) {
      throw new IllegalArgumentException(
          "law %s holds at %s, not at %s".formatted(law, law.seam(), subject.seam()));
    }
  }

  private static <C> LawOutcome run(
      Law law,
      SeamTrials<C> laws,
      List<C> cases,
      BiFunction<C, LawViolation, LawViolation> explanation) {
    LawOutcome sum = LawOutcome.notChecked(law);
    if (!laws.applies(law)) {
      return sum;
    }
    for (int number = 0; number < cases.size(); number++) {
      C given = cases.get(number);
      if (!laws.applies(law, given)) {
        continue;
      }
      LawOutcome one = LawOutcome.of(law, laws.trial(law, given));
      sum = sum.and(one);
      if (!one.holds()) {
        LawViolation violation = judged(law, laws, given, one.broken().orElseThrow());
        Origin origin = new Origin(number, List.of());
        return sum.violatedAs(explanation.apply(given, violation.of(origin)));
      }
    }
    return sum.concluded();
  }

  /** Returns the violation with the inquiries in which its cause is looked for. */
  private static <C> LawViolation judged(
      Law law, SeamTrials<C> laws, C given, LawViolation violation) {
    return laws.judgesAnswers()
        ? violation
        : violation.asking(List.of(new ComparedInquiry<>(law, laws, given)));
  }

  /** Tries one law on one case, which is not simplified if it breaks the law. */
  public static <C> LawOutcome once(Law law, SeamTrials<C> laws, C given) {
    return run(law, laws, List.of(given), (same, violation) -> violation);
  }

  /**
   * Checks one law on one case.
   *
   * @throws LawViolation if it does not hold; it names the known fault that gives all answers, if
   *     there is one
   */
  public static <C> void check(Law law, SeamTrials<C> laws, C given) {
    try {
      laws.trial(law, given).check();
    } catch (LawViolation e) {
      throw judged(law, laws, given, e).diagnosed();
    }
  }

  /**
   * The largest size of each axis that laws are tried on.
   *
   * @param count number of cases, as for {@link #run(Law, UnderTest, long, int)}
   */
  public static Map<String, Integer> largest(
      List<Law> tried, UnderTest subject, long seed, int count) {
    return largest(tried, subject.laws(), seed, count);
  }

  private static <C> Map<String, Integer> largest(
      List<Law> tried, SeamTrials<C> laws, long seed, int count) {
    return largest(tried, laws, laws.cases(seed, count));
  }

  /** The largest size of each axis in cases that laws are tried on. */
  public static <C> Map<String, Integer> largest(
      List<Law> tried, SeamTrials<C> laws, List<C> cases) {
    Map<String, Integer> largest = new LinkedHashMap<>();
    List<Law> applied = tried.stream().filter(laws::applies).toList();
    for (C given : cases) {
      if (applied.stream().anyMatch(law -> laws.applies(law, given))) {
        laws.sizes(given).forEach((axis, size) -> largest.merge(axis, size, Math::max));
      }
    }
    return largest;
  }

  /**
   * Puts together the laws that one cause has broken, by the rule of {@link Causes}.
   *
   * @param broken outcomes of {@link #run(Law, UnderTest, long, int)} with the same subject, seed
   *     and number of cases
   */
  public static List<Cause> causes(
      List<LawOutcome> broken, UnderTest subject, long seed, int count) {
    return causes(broken, subject.laws(), seed, count);
  }

  private static <C> List<Cause> causes(
      List<LawOutcome> broken, SeamTrials<C> laws, long seed, int count) {
    List<C> cases = laws.cases(seed, count);
    Map<Law, List<Inquiry>> asked = new LinkedHashMap<>();
    for (LawOutcome outcome : broken) {
      asked.put(outcome.law(), asked(outcome, laws, cases));
    }
    return Causes.of(asked);
  }

  /** All that a law asks in its first cases, hard ones all, and in the one that broke it. */
  private static <C> List<Inquiry> asked(LawOutcome broken, SeamTrials<C> laws, List<C> cases) {
    List<Inquiry> asked = new ArrayList<>();
    List<C> tried = cases.stream().filter(given -> laws.applies(broken.law(), given)).toList();
    for (int number = 0; number < tried.size(); number++) {
      C given = tried.get(number);
      boolean early = number < MOST_JUDGED && !laws.isLong(given);
      if (early || number == broken.cases() - 1) {
        asked.addAll(asked(broken.law(), laws, given));
      }
    }
    return asked;
  }

  /**
   * All that a law asks on a case, with the answers. The implementation is asked again, now or when
   * an answer is judged.
   */
  public static <C> List<? extends Inquiry> asked(Law law, SeamTrials<C> laws, C given) {
    if (!laws.judgesAnswers()) {
      return List.of(new ComparedInquiry<>(law, laws, given));
    }
    Trial trial = laws.trial(law, given);
    LawOutcome.of(law, trial);
    return trial.inquiries();
  }

  /**
   * Runs the code of a law to its end, whatever the answers are, so that all its questions are
   * asked.
   */
  public static void askAll(Trial trial) {
    trial.compared();
  }

  /** The violation in the simplest case that shows one of the same kind. */
  private static <C> LawViolation simplest(
      Law law, SeamTrials<C> laws, C failing, LawViolation violation) {
    C simplest = failing;
    LawViolation shown = violation;
    Origin origin = violation.origin().orElseThrow();
    int tried = 0;
    boolean progress = true;
    while (progress && tried < MOST_SIMPLER) {
      progress = false;
      List<C> simpler = laws.simpler(simplest);
      for (int step = 0; step < simpler.size() && !progress; step++) {
        C candidate = simpler.get(step);
        tried++;
        Optional<LawViolation> also = LawOutcome.of(law, laws.trial(law, candidate)).broken();
        if (also.filter(violation::isLike).isPresent()) {
          simplest = candidate;
          origin = origin.then(step);
          shown = judged(law, laws, candidate, also.orElseThrow()).of(origin);
          progress = true;
        }
      }
    }
    return shown.diagnosed();
  }
}
