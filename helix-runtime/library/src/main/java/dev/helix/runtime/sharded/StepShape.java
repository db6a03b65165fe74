package dev.helix.runtime.sharded;

import dev.helix.tensor.InvalidInputException;

/**
 * The sizes of one attention layer on one KVP group.
 *
 * @param heads number of query heads that every rank of the group attends with
 * @param kvHeads number of KV heads that every rank of the group caches; 1 in latent attention
 * @param keyDim number of components of a query and of a key
 * @param valueDim number of components of a value and of an output
 * @param kvp number of ranks of the group
 */
public record StepShape(int heads, int kvHeads, int keyDim, int valueDim, int kvp) {
  public StepShape {
    require(heads >= 1 && kvHeads >= 1 && heads % kvHeads == 0, "query heads", heads, kvHeads);
    require(keyDim >= 1, "components of a key", keyDim, 1);
    require(valueDim >= 1, "components of a value", valueDim, 1);
    require(kvp >= 1, "KVP", kvp, 1);
  }

  /** Number of query heads that read one KV head. */
  public int group() {
    return heads / kvHeads;
  }

  /**
   * Number of query heads that a rank has after the exchange.
   *
   * @throws InvalidInputException if KVP does not divide the heads
   */
  public int ownHeads() {
    require(heads % kvp == 0, "query heads, to be exchanged,", heads, kvp);
    return heads / kvp;
  }

  private static void require(boolean holds, String what, int got, int divisor) {
    if (!holds) {
      throw new InvalidInputException(
          "%s: expected a positive multiple of %d, got %d".formatted(what, divisor, got));
    }
  }
}
