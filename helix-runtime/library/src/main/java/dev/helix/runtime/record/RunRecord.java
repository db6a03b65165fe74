package dev.helix.runtime.record;

import dev.helix.attention.QueryToken;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What one rank's program computed at every place for every token, for comparison with the baseline
 * after the run: rows of numbers by place, request and position.
 */
public final class RunRecord {
  private final Map<Key, double[]> rows = new HashMap<>();

  /**
   * Keeps one row for each token of the step.
   *
   * @param values {@code [batch, width]}
   * @throws IllegalArgumentException if {@code values} are no whole rows
   */
  void keep(TapPoint place, List<QueryToken> step, double[] values) {
    int width = step.isEmpty() ? 0 : values.length / step.size();
    if (width * step.size() != values.length) {
      throw new IllegalArgumentException(
          "%s: %d numbers are no whole rows of %d tokens"
              .formatted(place, values.length, step.size()));
    }
    for (int row = 0; row < step.size(); row++) {
      double[] own = java.util.Arrays.copyOfRange(values, row * width, (row + 1) * width);
      if (rows.putIfAbsent(new Key(place, step.get(row)), own) != null) {
        throw new IllegalStateException(place + " of " + step.get(row) + " was recorded twice");
      }
    }
  }

  /** Whether anything was computed there: logits, for one, only where a token was sampled. */
  public boolean has(TapPoint place, QueryToken token) {
    return rows.containsKey(new Key(place, token));
  }

  /** The row computed at {@code place} for {@code token}; not to be changed. */
  public double[] row(TapPoint place, QueryToken token) {
    double[] row = rows.get(new Key(place, token));
    if (row == null) {
      throw new IllegalArgumentException("nothing was recorded at " + place + " for " + token);
    }
    return row;
  }

  private record Key(TapPoint place, QueryToken token) {}
}
