package dev.helix.attention.faults;

import java.util.List;

/**
 * The role that a rank has in a sharded layer, as far as faults depend on it.
 *
 * @param rank the global rank
 * @param kvpIndex which shard of each request the rank keeps
 * @param groupSinks the sinks of the query heads of its KVP group, {@code [heads]}, whichever rank
 *     of the group adds them; empty if the model has none
 */
public record RankRole(int rank, int kvpIndex, List<Double> groupSinks) {
  public RankRole {
    groupSinks = List.copyOf(groupSinks);
  }

  /** The role of the only rank of a run, which keeps all tokens, in a model without sinks. */
  public static RankRole alone() {
    return new RankRole(0, 0, List.of());
  }
}
