package dev.helix.runtime.timing.cost;

import dev.helix.tensor.trace.Operation;

/** Gives the cost of operations, as a function of the operation's record alone. */
@FunctionalInterface
public interface OperationCosts {
  /** The cost of one operation. */
  Cost of(Operation operation);
}
