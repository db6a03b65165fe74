package dev.helix.tensor.program;

/** The exchanges of {@link dev.helix.tensor.Collectives}. */
public enum TransferKind {
  ALL_TO_ALL("allToAll"),
  ALL_REDUCE("allReduce"),
  PARTIAL_ALL_REDUCE("partialAllReduce"),
  ALL_GATHER("allGather"),
  REDUCE_SCATTER("reduceScatter"),
  BROADCAST("broadcast"),
  /** {@code send} on one rank, {@code receive} on the other. */
  POINT_TO_POINT("pointToPoint"),
  ALL_TO_ALL_ROWS("allToAllRows");

  private final String operation;

  TransferKind(String operation) {
    this.operation = operation;
  }

  /** The name of the exchange, {@code "allToAll"}. */
  public String operation() {
    return operation;
  }

  @Override
  public String toString() {
    return operation;
  }
}
