package dev.helix.runtime.sharded.stages;

import dev.helix.runtime.sharded.tally.Place;
import java.util.Set;

/**
 * The elements that an explanation is tried on.
 *
 * @param ranks the ranks that dumped them
 * @param tokens their query tokens; all if the set is empty
 * @param heads their query heads, counted over the whole group; all if the set is empty
 */
public record Scope(Set<Integer> ranks, Set<Integer> tokens, Set<Integer> heads) {
  public Scope {
    ranks = Set.copyOf(ranks);
    tokens = Set.copyOf(tokens);
    heads = Set.copyOf(heads);
  }

  /** All heads of some tokens. */
  public Scope(Set<Integer> ranks, Set<Integer> tokens) {
    this(ranks, tokens, Set.of());
  }

  /** Whether a rank's elements count. */
  public boolean hasRank(int rank) {
    return ranks.contains(rank);
  }

  /** Whether a token's elements count. */
  public boolean hasToken(int token) {
    return tokens.isEmpty() || tokens.contains(token);
  }

  /** Whether the elements of a place count. */
  public boolean has(Place place) {
    return hasRank(place.rank())
        && hasToken(place.token())
        && (heads.isEmpty() || heads.contains(place.head()));
  }

  /** Whether it is all tokens and heads of its ranks. */
  public boolean isWhole() {
    return tokens.isEmpty() && heads.isEmpty();
  }
}
