package dev.helix.runtime.sharded.stages;

import java.util.Set;

/**
 * The elements that an explanation is tried on.
 *
 * @param ranks the ranks that dumped them
 * @param tokens their query tokens; all if the set is empty
 */
public record Scope(Set<Integer> ranks, Set<Integer> tokens) {
  public Scope {
    ranks = Set.copyOf(ranks);
    tokens = Set.copyOf(tokens);
  }

  /** Whether a rank's elements count. */
  public boolean hasRank(int rank) {
    return ranks.contains(rank);
  }

  /** Whether a token's elements count. */
  public boolean hasToken(int token) {
    return tokens.isEmpty() || tokens.contains(token);
  }
}
