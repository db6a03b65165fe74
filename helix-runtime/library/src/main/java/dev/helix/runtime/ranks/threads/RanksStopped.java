package dev.helix.runtime.ranks.threads;

/** Ends a rank's program because the run is over: another rank failed, or the caller gave up. */
final class RanksStopped extends RuntimeException {
  private static final long serialVersionUID = 1L;

  RanksStopped(int rank) {
    super("rank " + rank + " stops because the run has failed");
  }
}
