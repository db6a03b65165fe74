package dev.helix.tensor.mesh;

import dev.helix.tensor.Group;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * A rank's end of a transport that forwards every call to another end of the same rank. Who looks
 * at what ranks exchange extends this class and overrides what it looks at.
 */
public class ForwardingCommunicator implements Communicator {
  private final Communicator inner;

  /**
   * Forwards every call to another end.
   *
   * @param inner the end of the same rank
   */
  protected ForwardingCommunicator(Communicator inner) {
    this.inner = inner;
  }

  @Override
  public int rank() {
    return inner.rank();
  }

  @Override
  public int size() {
    return inner.size();
  }

  @Override
  public RankScope scope() {
    return inner.scope();
  }

  @Override
  public List<ByteBuffer> exchange(Group group, String call, List<ByteBuffer> outgoing) {
    return inner.exchange(group, call, outgoing);
  }
}
