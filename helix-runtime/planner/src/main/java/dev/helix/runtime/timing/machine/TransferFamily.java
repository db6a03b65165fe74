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
  COMBINE("combine"),
  /**
   * Tokens travel to their experts in messages that receivers take in. A launch that prepares them
   * was not measured, so no step is timed with them; measurements are compared with them.
   */
  TWO_SIDED_DISPATCH("twoSidedDispatch"),
  /** The outputs of experts travel back in such messages. */
  TWO_SIDED_COMBINE("twoSidedCombine");

  private final String field;

  TransferFamily(String field) {
    this.field = field;
  }

  /** Whether a preset may leave the family out. */
  boolean isOptional() {
    return this == IN_SWITCH_ALL_REDUCE || this == TWO_SIDED_DISPATCH || this == TWO_SIDED_COMBINE;
  }

  /** The name as files write it. */
  @Override
  public String toString() {
    return field;
  }
}
