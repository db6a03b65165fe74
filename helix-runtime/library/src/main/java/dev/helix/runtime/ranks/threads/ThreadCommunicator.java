package dev.helix.runtime.ranks.threads;

import dev.helix.tensor.Group;
import dev.helix.tensor.mesh.Communicator;
import dev.helix.tensor.mesh.RankScope;
import java.nio.ByteBuffer;
import java.util.List;

/** One rank's end of a {@link Rendezvous}. */
final class ThreadCommunicator implements Communicator {
  private final Rendezvous rendezvous;
  private final RankScope scope;

  ThreadCommunicator(Rendezvous rendezvous, int rank) {
    this.rendezvous = rendezvous;
    this.scope = rendezvous.scope(rank);
  }

  @Override
  public int rank() {
    return scope.rank();
  }

  @Override
  public int size() {
    return rendezvous.ranks();
  }

  @Override
  public RankScope scope() {
    return scope;
  }

  @Override
  public List<ByteBuffer> exchange(Group group, String call, List<ByteBuffer> outgoing) {
    return rendezvous.exchange(rank(), group, call, outgoing);
  }
}
