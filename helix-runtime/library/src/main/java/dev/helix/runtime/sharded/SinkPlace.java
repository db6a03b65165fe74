package dev.helix.runtime.sharded;

/** Which ranks add a head's sink to their sum of weights. */
public enum SinkPlace {
  /** The first rank of the group alone, which is right. */
  FIRST_RANK,
  /** No rank, so that the sink is lost. */
  NOWHERE,
  /** Every rank, so that the merge counts it once for each. */
  EVERY_RANK;

  /** Whether a rank adds the sink. */
  public boolean counts(int rank) {
    return this == EVERY_RANK || (this == FIRST_RANK && rank == 0);
  }
}
