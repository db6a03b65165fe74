package dev.helix.runtime.sharded.reference;

import dev.helix.attention.QueryToken;
import dev.helix.runtime.sharded.StepFacts;
import dev.helix.runtime.sharded.TokenOwners;

/** Which slots of its cache a rank attends to, and how far before the query their tokens are. */
public interface LocalTokens {
  /** The slots that the query of a token sees on a rank. */
  SlotRange range(int rank, QueryToken token);

  /** How many positions before the query the token of a slot is. */
  int distance(int rank, QueryToken token, int slot);

  /**
   * The slots that the query of a token attends to, as far as the cache has them.
   *
   * @param slots how many slots of the token's request the rank has
   */
  default SlotChoice choice(int rank, QueryToken token, int slots) {
    SlotRange range = range(rank, token);
    return SlotChoice.of(new SlotRange(range.from(), Math.min(range.to(), slots)));
  }

  /** What a query sees by the placement, the causal bound and the window. */
  static LocalTokens of(StepFacts facts) {
    return of(facts.owners(), facts.scores().window().orElse(Integer.MAX_VALUE));
  }

  /** What a query sees within a window, which is {@link Integer#MAX_VALUE} if there is none. */
  static LocalTokens of(TokenOwners owners, int window) {
    return new LocalTokens() {
      @Override
      public SlotRange range(int rank, QueryToken token) {
        int first = Math.max(0, token.visible() - window);
        return new SlotRange(
            owners.localLength(token.request(), rank, first),
            owners.localLength(token.request(), rank, token.visible()));
      }

      @Override
      public int distance(int rank, QueryToken token, int slot) {
        return token.visible() - 1 - owners.position(token.request(), rank, slot);
      }
    };
  }

  /** The same distances with other slots. */
  default LocalTokens withRanges(RangeChange change) {
    LocalTokens given = this;
    return new LocalTokens() {
      @Override
      public SlotRange range(int rank, QueryToken token) {
        return change.of(rank, token, given.range(rank, token));
      }

      @Override
      public int distance(int rank, QueryToken token, int slot) {
        return given.distance(rank, token, slot);
      }
    };
  }

  /** The same tokens, of which a query attends to others than it sees. */
  default LocalTokens withChoices(ChoiceChange change) {
    LocalTokens given = this;
    return new LocalTokens() {
      @Override
      public SlotRange range(int rank, QueryToken token) {
        return given.range(rank, token);
      }

      @Override
      public int distance(int rank, QueryToken token, int slot) {
        return given.distance(rank, token, slot);
      }

      @Override
      public SlotChoice choice(int rank, QueryToken token, int slots) {
        return change.of(rank, token, given.choice(rank, token, slots), slots);
      }
    };
  }

  /** Changes the slots that a query attends to. */
  @FunctionalInterface
  interface ChoiceChange {
    /**
     * The slots in place of the right ones.
     *
     * @param slots how many slots of the token's request the rank has
     */
    SlotChoice of(int rank, QueryToken token, SlotChoice right, int slots);
  }

  /** Changes the slots that a query sees. */
  @FunctionalInterface
  interface RangeChange {
    /** The slots in place of the right ones. */
    SlotRange of(int rank, QueryToken token, SlotRange right);
  }
}
