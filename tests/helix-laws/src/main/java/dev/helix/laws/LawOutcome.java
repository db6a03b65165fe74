package dev.helix.laws;

import java.util.Optional;

/**
 * What a run found of one law.
 *
 * @param cases tried, up to and including one that failed
 * @param calls of the implementation
 * @param comparisons of an answer with what was expected, or with another answer
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

  /** Of a law that no case was tried of. */
  public static LawOutcome notChecked(Law law) {
    return new LawOutcome(law, 0, 0, 0, 0, Optional.empty());
  }

  /** Of one trial, which is made here. */
  public static LawOutcome of(Law law, Trial trial) {
    Optional<LawViolation> broken = Optional.empty();
    try {
      trial.check();
    } catch (LawViolation e) {
      broken = Optional.of(e);
    }
    return new LawOutcome(law, 1, trial.calls(), trial.comparisons(), trial.worstShare(), broken);
  }

  /** Of both together; the first violation. */
  public LawOutcome and(LawOutcome other) {
    return new LawOutcome(
        law,
        cases + other.cases,
        calls + other.calls,
        comparisons + other.comparisons,
        Math.max(worstShare, other.worstShare),
        broken.or(other::broken));
  }

  /** All cases are run: a law that compared nothing in any of them did not do its part. */
  public LawOutcome concluded() {
    if (checked()) {
      return this;
    }
    String nothing =
        "law %s (%s): none of %d cases compared anything".formatted(law, law.sentence(), cases);
    return violatedAs(new LawViolation(nothing, nothing));
  }

  /** With another violation in the place of its own, if it had any. */
  public LawOutcome violatedAs(LawViolation violation) {
    return new LawOutcome(law, cases, calls, comparisons, worstShare, Optional.of(violation));
  }

  public boolean holds() {
    return broken.isEmpty();
  }

  /** Whether anything was compared: a law of log-sum-exps checks nothing that returns none. */
  public boolean checked() {
    return comparisons > 0 || !holds();
  }

  /** How it was broken, one sentence, if it was. */
  public Optional<String> violation() {
    return broken.map(LawViolation::getMessage);
  }

  /** Whether it was broken by an error, not by a value. */
  public boolean refused() {
    return broken.filter(LawViolation.Refusal.class::isInstance).isPresent();
  }
}
