package dev.helix.runtime.ranks.threads;

/**
 * Thrown in a rank's program to end it because the run is over: another rank failed, or the caller
 * gave up.
 */
final class RanksStopped extends RuntimeException {
  private static final long serialVersionUID = 1L;

  RanksStopped(int rank) {
    super("rank " + rank + " stops because the run has failed");
  }
}
