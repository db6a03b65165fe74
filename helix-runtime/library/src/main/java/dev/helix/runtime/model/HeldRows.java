package dev.helix.runtime.model;

import dev.helix.attention.QueryToken;
import dev.helix.tensor.Tensor;
import java.util.List;

/**
 * The rows of a step's batch that this rank holds, with their values. The strategy decides which
 * rows a rank has. Under Helix it has all rows. Where requests belong to ranks, it has the rows of
 * its own requests. An idle rank has none.
 *
 * @param values {@code [batch=rows, ..]}
 * @param rows the request and position of each row
 */
public record HeldRows<T extends Tensor>(T values, List<QueryToken> rows) {
  public HeldRows {
    rows = List.copyOf(rows);
  }

  /** Whether this rank has no rows, so that nothing is launched for it. */
  public boolean isEmpty() {
    return rows.isEmpty();
  }

  /** The same rows with other values. */
  public HeldRows<T> with(T others) {
    return new HeldRows<>(others, rows);
  }
}
