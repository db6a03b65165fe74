package dev.helix.runtime.strategy;

import dev.helix.attention.placement.ContiguousPlacement;
import dev.helix.attention.placement.KvPlacement;
import dev.helix.attention.placement.RoundRobinPlacement;
import dev.helix.tensor.InvalidInputException;

/**
 * The rule by which the tokens of every request of a run are placed on the KVP shards.
 *
 * @param kind how tokens are placed
 * @param runLength number of consecutive tokens that a shard gets under round robin; contiguous
 *     placement does not use it
 */
public record PlacementRule(Kind kind, int runLength) {
  /** The number of decode steps after which Helix Parallelism §2.1 moves on to the next shard. */
  public static final int PAPER_RUN_LENGTH = 16;

  /** The two ways to place tokens. */
  public enum Kind {
    ROUND_ROBIN("round-robin"),
    CONTIGUOUS("contiguous");

    private final String words;

    Kind(String words) {
      this.words = words;
    }

    @Override
    public String toString() {
      return words;
    }
  }

  public PlacementRule {
    if (runLength < 1) {
      throw new InvalidInputException("run length must be at least 1, got " + runLength);
    }
  }

  public static PlacementRule roundRobin(int runLength) {
    return new PlacementRule(Kind.ROUND_ROBIN, runLength);
  }

  public static PlacementRule contiguous() {
    return new PlacementRule(Kind.CONTIGUOUS, PAPER_RUN_LENGTH);
  }

  /**
   * The placement of one request.
   *
   * @param kvp number of shards
   * @param capacity the greatest number of tokens of the request
   */
  public KvPlacement place(int kvp, int capacity) {
    return switch (kind) {
      case ROUND_ROBIN -> new RoundRobinPlacement(kvp, runLength);
      case CONTIGUOUS -> new ContiguousPlacement(kvp, capacity);
    };
  }
}
