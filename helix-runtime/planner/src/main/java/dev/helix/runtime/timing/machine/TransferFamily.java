package dev.helix.runtime.timing.machine;

/** Exchanges that one set of constants describes. */
public enum TransferFamily {
  /** Each rank sends its whole term to every other: quick for what is small. */
  ONE_SHOT_ALL_REDUCE("oneShotAllReduce"),
  /** Reduce-scatter and all-gather in one launch: few bytes, more steps. */
  TWO_SHOT_ALL_REDUCE("twoShotAllReduce"),
  ALL_GATHER("allGather"),
  REDUCE_SCATTER("reduceScatter"),
  ALL_TO_ALL("allToAll"),
  BROADCAST("broadcast"),
  /** Tokens on their way to their experts. */
  DISPATCH("dispatch"),
  /** What the experts made of them on the way back. */
  COMBINE("combine");

  private final String field;

  TransferFamily(String field) {
    this.field = field;
  }

  /** As files write it. */
  @Override
  public String toString() {
    return field;
  }
}
