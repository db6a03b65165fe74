package dev.helix.runtime.trace;

import dev.helix.tensor.Group;
import dev.helix.tensor.mesh.Communicator;
import dev.helix.tensor.mesh.RankScope;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * The communicator of a rank that runs without the others, for a reading that exchanges nothing.
 */
record LoneRank(int rank, int size, RankScope scope) implements Communicator {
  LoneRank(int rank, int size) {
    this(rank, size, RankScope.alone(rank));
  }

  @Override
  public List<ByteBuffer> exchange(Group group, String call, List<ByteBuffer> outgoing) {
    throw new IllegalStateException(
        "%s with %s: rank %d runs without the others".formatted(call, group, rank));
  }
}
