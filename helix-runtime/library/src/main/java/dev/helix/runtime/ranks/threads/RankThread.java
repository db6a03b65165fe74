package dev.helix.runtime.ranks.threads;

import dev.helix.runtime.ranks.RankProgram;

/**
 * The thread of one rank. It is a daemon, so that a rank that is stuck in foreign code does not
 * keep the JVM alive.
 *
 * @param <R> what the rank returns
 */
final class RankThread<R> extends Thread {
  private final Rendezvous rendezvous;
  private final int rank;
  private final RankProgram<R> program;

  // This is null until the program returns, and also if it returns null.
  private R result;

  RankThread(Rendezvous rendezvous, int rank, RankProgram<R> program) {
    super("helix rank " + rank);
    setDaemon(true);
    this.rendezvous = rendezvous;
    this.rank = rank;
    this.program = program;
  }

  int rank() {
    return rank;
  }

  /** Starts the thread, or fails the run at this rank if the system has no thread left. */
  void startOrFail() {
    try {
      start();
    } catch (OutOfMemoryError e) {
      rendezvous.fail(rank, e);
    }
  }

  @Override
  public void run() {
    try {
      result = program.run(new ThreadCommunicator(rendezvous, rank));
      rendezvous.finish(rank);
    } catch (Throwable t) {
      // Whatever was thrown, no rank may wait for this one any longer.
      rendezvous.fail(rank, t);
    }
  }

  /** The result that the program returned. It may be read after {@link Rendezvous#awaitEnd}. */
  R result() {
    return result;
  }
}
