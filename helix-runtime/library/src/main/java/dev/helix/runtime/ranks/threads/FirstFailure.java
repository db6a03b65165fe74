package dev.helix.runtime.ranks.threads;

import dev.helix.tensor.mesh.RankFailure;
import dev.helix.tensor.mesh.RankScope;
import dev.helix.tensor.program.Place;
import java.util.Optional;
import java.util.concurrent.CancellationException;

/**
 * The reason why a run ends early: the first failure, and the place that its rank had reached.
 * Later failures are consequences, or come too late, and are dropped.
 */
final class FirstFailure {
  private volatile boolean stopped;

  // Written before stopped, read after it. They are not made into an exception at once because
  // recording a failure must not allocate: it may be a lack of memory. The cause is null until
  // then.
  private Throwable cause;
  private int rank;
  private Place place = Place.Outside.START;
  private String operation = "";

  /** Whether the ranks have to stop. */
  boolean isStopped() {
    return stopped;
  }

  /** Records that the rank of {@code scope} has failed. This allocates no memory. */
  synchronized void record(RankScope scope, Throwable thrown) {
    if (!stopped) {
      cause = thrown;
      rank = scope.rank();
      place = scope.place();
      operation = scope.operation();
      stopped = true;
    }
  }

  /** Records that the caller has given up. */
  synchronized void record(CancellationException cancellation) {
    if (!stopped) {
      cause = cancellation;
      rank = -1;
      stopped = true;
    }
  }

  /** The exception for the caller of the run: a {@link RankFailure}, or its own cancellation. */
  synchronized Optional<RuntimeException> toThrow() {
    if (!stopped) {
      return Optional.empty();
    }
    return Optional.of(
        rank < 0 ? (CancellationException) cause : new RankFailure(rank, place, operation, cause));
  }
}
