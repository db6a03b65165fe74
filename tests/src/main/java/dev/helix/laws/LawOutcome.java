package dev.helix.laws;

import java.util.Optional;

/**
 * What a run found of one law.
 *
 * @param cases tried, up to and including one that failed
 * @param merges asked for
 * @param worstShare the largest error as a share of its bound, of the cases that held
 * @param violation how it was broken, if it was
 * @param refused whether it was broken by an error, not by a value
 */
public record LawOutcome(
    Law law,
    int cases,
    int merges,
    double worstShare,
    Optional<String> violation,
    boolean refused) {
  /** Of values that were compared. */
  public LawOutcome(Law law, int cases, int merges, double worstShare, Optional<String> violation) {
    this(law, cases, merges, worstShare, violation, false);
  }

  public boolean holds() {
    return violation.isEmpty();
  }
}
