package dev.helix.runtime.timing.machine;

/** The families of exchanges; one set of constants describes each. */
public enum TransferFamily {
  /** Each rank sends its whole term to every other rank, which is quick if the term is small. */
  ONE_SHOT_ALL_REDUCE("oneShotAllReduce"),
  /** A reduce-scatter and an all-gather in one launch, which send fewer bytes in more steps. */
  TWO_SHOT_ALL_REDUCE("twoShotAllReduce"),
  /** The switch adds the terms up, so that each rank sends its term once and receives the sum. */
  IN_SWITCH_ALL_REDUCE("inSwitchAllReduce"),
  ALL_GATHER("allGather"),
  REDUCE_SCATTER("reduceScatter"),
  ALL_TO_ALL("allToAll"),
  BROADCAST("broadcast"),
  /** Tokens travel to their experts. */
  DISPATCH("dispatch"),
  /** The outputs of experts travel back. */
  COMBINE("combine");

  private final String field;

  TransferFamily(String field) {
    this.field = field;
  }

  /** The name as files write it. */
  @Override
  public String toString() {
    return field;
  }
}
