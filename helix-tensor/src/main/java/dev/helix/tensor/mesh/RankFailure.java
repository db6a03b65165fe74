package dev.helix.tensor.mesh;

import dev.helix.tensor.program.Place;

/**
 * The one error of a run in which a rank failed. Its message names the rank, the layer and the
 * operation; the cause is what the rank threw.
 */
public final class RankFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int rank;

  /** A failure at the place where {@code scope} stands now. */
  public RankFailure(RankScope scope, Throwable cause) {
    this(scope.rank(), scope.place(), scope.operation(), cause);
  }

  /** A failure at a place noted when it happened. */
  public RankFailure(int rank, Place place, String operation, Throwable cause) {
    super("rank " + rank + ", " + place + ", " + operation + ": " + reason(cause), cause);
    this.rank = rank;
  }

  public int rank() {
    return rank;
  }

  /**
   * The cause's message; with its type for an {@link Error}: "Java heap space" alone says little.
   */
  private static String reason(Throwable cause) {
    boolean speaks = cause.getMessage() != null && !(cause instanceof Error);
    return speaks ? cause.getMessage() : cause.toString();
  }
}
