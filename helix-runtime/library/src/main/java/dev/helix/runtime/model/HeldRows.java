package dev.helix.runtime.model;

import dev.helix.attention.QueryToken;
import dev.helix.tensor.Tensor;
import java.util.List;

/**
 * What this rank holds of a state of the step's batch. Which rows of the batch it has is a matter
 * of the strategy: under Helix all of them, where requests belong to ranks those of its own, and
 * none on a rank that is idle.
 *
 * @param values {@code [batch=rows, ..]}
 * @param rows the request and position of each row
 */
public record HeldRows<T extends Tensor>(T values, List<QueryToken> rows) {
  public HeldRows {
    rows = List.copyOf(rows);
  }

  /** Whether this rank has no row: nothing is launched for it. */
  public boolean isEmpty() {
    return rows.isEmpty();
  }

  /** The same rows with other values. */
  public HeldRows<T> with(T others) {
    return new HeldRows<>(others, rows);
  }
}
