package dev.helix.runtime.timing.cost;

import dev.helix.tensor.trace.Operation;
import java.util.IdentityHashMap;

/**
 * The costs of operations, each found once for all layers and ranks that do the same. What they do
 * is then one object: a trace repeats a layer with the works of the first one.
 *
 * <p>For one thread.
 */
public final class CostsOfWork implements OperationCosts {
  private final OperationCosts costs;
  private final IdentityHashMap<Object, Cost> known = new IdentityHashMap<>();

  public CostsOfWork(OperationCosts costs) {
    this.costs = costs;
  }

  @Override
  public Cost of(Operation operation) {
    return known.computeIfAbsent(operation.content(), first -> costs.of(operation));
  }
}
