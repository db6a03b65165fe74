package dev.helix.runtime.trace;

import dev.helix.attention.QueryToken;
import dev.helix.runtime.record.StepRow;
import dev.helix.tensor.InvalidInputException;
import java.util.ArrayList;
import java.util.List;

/**
 * The query tokens of a step in which every request is as long as the others. Each request has its
 * next token, which is the {@code context}-th, and behind it the drafts that the step verifies
 * (speculative decoding). All of them are rows of the batch over one cache.
 *
 * @param batch number of requests
 * @param context how many tokens the first row of a request attends to, itself included; it may
 *     exceed that of the model, as positions are not limited here
 * @param drafts how many drafts follow it; each attends to one token more than the row before
 */
public record StepQueries(int batch, int context, int drafts) {
  /**
   * The largest batch. A larger one is a typing error, as no machine holds so many requests'
   * caches.
   */
  static final int MAX_BATCH = 65_536;

  /** The largest context. A larger one is a typing error. */
  public static final int MAX_CONTEXT = 1 << 30;

  /** The most drafts. Serving programs verify up to about ten, and trees of at most this many. */
  public static final int MAX_DRAFTS = 63;

  /**
   * Checks the sizes.
   *
   * @throws InvalidInputException if one of them is out of range
   */
  public StepQueries {
    requireRange("batch", batch, 1, MAX_BATCH);
    requireRange("context", context, 1, MAX_CONTEXT);
    requireRange("drafts", drafts, 0, MAX_DRAFTS);
  }

  /** One row for each request. */
  public StepQueries(int batch, int context) {
    this(batch, context, 0);
  }

  /** The same queries at another context. */
  public StepQueries at(int otherContext) {
    return new StepQueries(batch, otherContext, drafts);
  }

  /** The same queries of so many times the requests. */
  public StepQueries times(int more) {
    return new StepQueries(Math.multiplyExact(batch, more), context, drafts);
  }

  /** How many tokens a request has after the step, if all its drafts are kept. */
  int tokens() {
    return context + drafts;
  }

  /** The rows of the step, request by request. The token behind each of them is chosen. */
  List<StepRow> rows() {
    List<StepRow> rows = new ArrayList<>(batch * (1 + drafts));
    for (int request = 0; request < batch; request++) {
      for (int position = context - 1; position < tokens(); position++) {
        rows.add(new StepRow(new QueryToken(request, position), 0, true));
      }
    }
    return rows;
  }

  private static void requireRange(String what, int value, int least, int most) {
    if (value < least || value > most) {
      throw new InvalidInputException(
          "%s must be between %d and %d, got %d".formatted(what, least, most, value));
    }
  }
}
