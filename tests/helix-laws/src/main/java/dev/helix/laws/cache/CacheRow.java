package dev.helix.laws.cache;

/**
 * One row of a step.
 *
 * @param request whose token it is; {@link #PADDING} for a row that fills up the step
 * @param position the token's, which follows the last that its request has
 * @param value what stands for key and value of the token, and is not to be found anywhere else
 */
public record CacheRow(int request, int position, double value) {
  /** The request of a row that belongs to none. */
  public static final int PADDING = -1;

  /** Whether the row belongs to no request. */
  public boolean isPadding() {
    return request == PADDING;
  }
}
