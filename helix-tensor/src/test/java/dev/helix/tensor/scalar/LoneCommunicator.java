package dev.helix.tensor.scalar;

import dev.helix.tensor.Group;
import dev.helix.tensor.mesh.Communicator;
import dev.helix.tensor.mesh.RankScope;
import java.nio.ByteBuffer;
import java.util.List;

/** The transport of a run of one rank, which gets what it sends. */
record LoneCommunicator(RankScope scope) implements Communicator {
  @Override
  public int rank() {
    return scope.rank();
  }

  @Override
  public int size() {
    return 1;
  }

  @Override
  public List<ByteBuffer> exchange(Group group, String call, List<ByteBuffer> outgoing) {
    return outgoing.stream().map(ByteBuffer::asReadOnlyBuffer).toList();
  }
}
