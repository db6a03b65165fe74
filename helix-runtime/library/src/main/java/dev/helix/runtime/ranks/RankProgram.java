package dev.helix.runtime.ranks;

import dev.helix.tensor.mesh.Communicator;

/**
 * The program that each rank runs. It is the same on all ranks, as with MPI or NCCL.
 *
 * @param <R> what a rank returns to the caller
 */
@FunctionalInterface
public interface RankProgram<R> {
  /**
   * Runs on the thread of rank {@code communicator.rank()}. The communicator is for this thread, or
   * for one at a time, and ends with the program.
   *
   * @throws Exception anything: it stops all ranks and becomes the cause of the caller's {@link
   *     dev.helix.tensor.mesh.RankFailure}
   */
  R run(Communicator communicator) throws Exception;
}
