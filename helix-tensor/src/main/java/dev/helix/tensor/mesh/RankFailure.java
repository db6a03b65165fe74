package dev.helix.tensor.mesh;

import dev.helix.tensor.program.Place;

/**
 * The one exception of a run in which a rank failed. Its message names the rank, the place in the
 * program and the operation; its cause is what the rank threw.
 */
public final class RankFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int rank;

  /** Creates a failure at the place where {@code scope} is now. */
  public RankFailure(RankScope scope, Throwable cause) {
    this(scope.rank(), scope.place(), scope.operation(), cause);
  }

  /** Creates a failure at a place that was noted when it happened. */
  public RankFailure(int rank, Place place, String operation, Throwable cause) {
    super("rank " + rank + ", " + place + ", " + operation + ": " + reason(cause), cause);
    this.rank = rank;
  }

  public int rank() {
    return rank;
  }

  /**
   * The cause's message. For an {@link Error} the type goes in front, as "Java heap space" alone
   * says little.
   */
  private static String reason(Throwable cause) {
    boolean speaks = cause.getMessage() != null && !(cause instanceof Error);
    return speaks ? cause.getMessage() : cause.toString();
  }
}
