package dev.helix.tensor.program;

/** The kinds of exchanges in {@link dev.helix.tensor.Collectives}. */
public enum TransferKind {
  ALL_TO_ALL("allToAll"),
  ALL_REDUCE("allReduce"),
  PARTIAL_ALL_REDUCE("partialAllReduce"),
  ALL_GATHER("allGather"),
  /** An all-to-all in which only some ranks receive; its operand is the block of one of these. */
  GATHER_BLOCKS("gatherBlocks"),
  REDUCE_SCATTER("reduceScatter"),
  BROADCAST("broadcast"),
  /** A {@code send} on one rank and the {@code receive} on another. */
  POINT_TO_POINT("pointToPoint"),
  ALL_TO_ALL_ROWS("allToAllRows");

  private final String operation;

  TransferKind(String operation) {
    this.operation = operation;
  }

  /** The name of the exchange, for example {@code "allToAll"}. */
  public String operation() {
    return operation;
  }

  @Override
  public String toString() {
    return operation;
  }
}
