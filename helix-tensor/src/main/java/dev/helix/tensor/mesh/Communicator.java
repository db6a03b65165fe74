package dev.helix.tensor.mesh;

import dev.helix.tensor.Group;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * One rank's end of the transport between ranks. The default transport connects threads of one JVM;
 * one process for each rank (MPI) can stand behind the same interface. A transport moves bytes and
 * knows nothing of tensors. {@link dev.helix.tensor.mesh.WireCollectives} builds the collectives on
 * it.
 */
public interface Communicator {
  int rank();

  /** Number of ranks of the run. */
  int size();

  /** The scope of this rank, which says in an error what the rank was doing. */
  RankScope scope();

  /**
   * Gives {@code outgoing.get(i)} to the i-th member of the group and returns what each member gave
   * to this rank, in group order, with this rank's own buffer among them. Blocks until every member
   * has made its call.
   *
   * @param call what this rank believes that the group is doing: the operation, specs and any root
   *     or axis, in words. All members' texts must be equal
   * @param outgoing one buffer for each member, whose remaining bytes are sent; receivers may read
   *     them in place, so they must never be changed again
   * @return buffers that belong to this rank alone. They are read-only, at position 0, and
   *     big-endian whatever the order of the sender's buffer, as that order does not travel
   * @throws RuntimeException on every rank if the members' calls differ, if a member can no longer
   *     take part, or if any rank has failed
   */
  List<ByteBuffer> exchange(Group group, String call, List<ByteBuffer> outgoing);
}
