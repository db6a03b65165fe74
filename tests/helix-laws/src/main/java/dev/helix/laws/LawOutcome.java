package dev.helix.laws;

import java.util.Optional;

/**
 * The findings of a run about one law.
 *
 * @param cases number of cases that were tried, up to and including one that failed
 * @param calls number of calls of the implementation
 * @param comparisons number of times that an answer was compared with what was expected, or with
 *     another answer
 * @param worstShare the largest error as a share of its bound, of the comparisons that held
 * @param broken how it was broken, if it was
 */
public record LawOutcome(
    Law law,
    int cases,
    int calls,
    int comparisons,
    double worstShare,
    Optional<LawViolation> broken) {

  /** The outcome of a law that was tried on no case. */
  public static LawOutcome notChecked(Law law) {
    return new LawOutcome(law, 0, 0, 0, 0, Optional.empty());
  }

  /** Runs one trial and returns its outcome. */
  public static LawOutcome of(Law law, Trial trial) {
    Optional<LawViolation> broken = Optional.empty();
    try {
      trial.check();
    } catch (LawViolation e) {
      broken = Optional.of(e);
    }
    return new LawOutcome(law, 1, trial.calls(), trial.comparisons(), trial.worstShare(), broken);
  }

  /** Adds the counts of another outcome of the same law. The first of two violations is kept. */
  public LawOutcome and(LawOutcome other) {
    return new LawOutcome(
        law,
        cases + other.cases,
        calls + other.calls,
        comparisons + other.comparisons,
        Math.max(worstShare, other.worstShare),
        broken.or(other::broken));
  }

  /**
   * Called when all cases are run. A law that compared nothing in any of them is then broken,
   * because nothing was checked.
   */
  public LawOutcome concluded() {
    if (checked()) {
      return this;
    }
    String nothing =
        "law %s (%s): none of %d cases compared anything".formatted(law, law.sentence(), cases);
    return violatedAs(new LawViolation(nothing, nothing));
  }

  /** The same counts with this violation in the place of an earlier one, if there was one. */
  public LawOutcome violatedAs(LawViolation violation) {
    return new LawOutcome(law, cases, calls, comparisons, worstShare, Optional.of(violation));
  }

  public boolean holds() {
    return broken.isEmpty();
  }

  /**
   * Whether anything was compared. A law about log-sum-exps compares nothing if the implementation
   * returns none.
   */
  public boolean checked() {
    return comparisons > 0 || !holds();
  }

  /** One sentence that says how the law was broken; empty if it holds. */
  public Optional<String> violation() {
    return broken.map(LawViolation::getMessage);
  }

  /** Whether the law was broken by an exception of the implementation, and not by a wrong value. */
  public boolean refused() {
    return broken.filter(LawViolation.Refusal.class::isInstance).isPresent();
  }
}
