package dev.helix.laws;

import java.util.Optional;

/**
 * What a run found of one law.
 *
 * @param cases tried, up to and including one that failed
 * @param merges asked for
 * @param comparisons of an answer with what was expected, or with another answer
 * @param worstShare the largest error as a share of its bound, of the cases that held
 * @param violation how it was broken, if it was
 * @param refused whether it was broken by an error, not by a value
 */
public record LawOutcome(
    Law law,
    int cases,
    int merges,
    int comparisons,
    double worstShare,
    Optional<String> violation,
    boolean refused) {
  /** Of a law that compares something at each case, and whether an error broke it. */
  LawOutcome(
      Law law,
      int cases,
      int merges,
      double worstShare,
      Optional<String> violation,
      boolean refused) {
    this(law, cases, merges, cases, worstShare, violation, refused);
  }

  /** Of values that were compared so many times. */
  LawOutcome(
      Law law,
      int cases,
      int merges,
      int comparisons,
      double worstShare,
      Optional<String> violation) {
    this(law, cases, merges, comparisons, worstShare, violation, false);
  }

  /** Of a law that compares something at each case. */
  public LawOutcome(Law law, int cases, int merges, double worstShare, Optional<String> violation) {
    this(law, cases, merges, cases, worstShare, violation, false);
  }

  public boolean holds() {
    return violation.isEmpty();
  }

  /** Whether anything was compared: a law of log-sum-exps checks nothing that returns none. */
  public boolean checked() {
    return comparisons > 0 || !holds();
  }

  /** All cases of a law are run: one that compared nothing, but could have, did not do its part. */
  LawOutcome concluded(Convention convention) {
    if (checked() || !convention.returnsLse()) {
      return this;
    }
    String nothing =
        "law %s (%s): none of %d cases compared anything".formatted(law, law.sentence(), cases);
    return new LawOutcome(law, cases, merges, comparisons, worstShare, Optional.of(nothing));
  }
}
