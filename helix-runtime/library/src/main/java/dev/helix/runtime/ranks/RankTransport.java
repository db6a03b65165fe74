package dev.helix.runtime.ranks;

import dev.helix.tensor.mesh.RankFailure;
import java.util.List;
import java.util.concurrent.CancellationException;

/**
 * Runs one program on N ranks that reach each other only through their communicators. The default
 * is {@link dev.helix.runtime.ranks.threads.ThreadRanks}, threads of one JVM; a process for each
 * rank can stand behind the same interface.
 *
 * <p>Ranks share no memory with each other or with the caller. What a program returns reaches the
 * caller as bytes, whatever the transport.
 */
public interface RankTransport {
  /**
   * Runs {@code program} on ranks 0 to {@code ranks} − 1, and returns the outcomes in rank order
   * when all have finished.
   *
   * @param codec converts an outcome to bytes on its rank, and back with the caller
   * @throws RankFailure if a rank failed, or could not write its outcome. Its cause is what the
   *     rank threw, and if several failed, it is the first one. All ranks have then stopped
   * @throws CancellationException if the calling thread is interrupted, which it then still is
   */
  <R> List<R> run(int ranks, RankProgram<R> program, OutcomeCodec<R> codec);
}
