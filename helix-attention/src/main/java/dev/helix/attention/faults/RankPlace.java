package dev.helix.attention.faults;

import java.util.List;

/**
 * One rank, as far as faults depend on which it is.
 *
 * @param kvpIndex which shard of each request it keeps
 * @param groupSinks the sinks of the query heads of its KVP group, {@code [heads]}, whichever rank
 *     of the group brings them; empty if the model has none
 */
public record RankPlace(int rank, int kvpIndex, List<Double> groupSinks) {
  public RankPlace {
    groupSinks = List.copyOf(groupSinks);
  }

  /** A rank that keeps all tokens, of a model without sinks. */
  public static RankPlace alone() {
    return new RankPlace(0, 0, List.of());
  }
}
