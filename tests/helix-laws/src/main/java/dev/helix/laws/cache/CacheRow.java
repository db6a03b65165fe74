package dev.helix.laws.cache;

/**
 * One row of a step.
 *
 * @param request the request whose token it is; {@link #PADDING} for a row that fills up the step
 * @param position position of the token, the next one of its request
 * @param value the number that stands for key and value of the token; no other token has it
 */
public record CacheRow(int request, int position, double value) {
  /** The request of a row that belongs to none. */
  public static final int PADDING = -1;

  /** Whether the row belongs to no request. */
  public boolean isPadding() {
    return request == PADDING;
  }
}
