package dev.helix.runtime.ranks.threads;

import dev.helix.tensor.Group;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * One exchange of a group. It holds what the members have put in so far, and when it is complete
 * each member takes out its part. The {@link Rendezvous} guards it until then; afterwards it does
 * not change.
 */
final class Exchange {
  private final Group group;
  private final String call;
  private final int firstRank;
  // The index is the member; an entry is null until that member arrives.
  private final ByteBuffer[][] sent;
  private final Thread[] threads;
  private int missing;
  private volatile boolean complete;

  /** Creates an exchange that {@code firstRank}, which makes {@code call}, is about to enter. */
  Exchange(Group group, String call, int firstRank) {
    this.group = group;
    this.call = call;
    this.firstRank = firstRank;
    this.sent = new ByteBuffer[group.size()][];
    this.threads = new Thread[group.size()];
    this.missing = group.size();
  }

  Group group() {
    return group;
  }

  /** The call of the first rank to arrive, with which all others must agree. */
  String call() {
    return call;
  }

  int firstRank() {
    return firstRank;
  }

  /**
   * Records that the calling thread's member gives {@code blocks[to]} to each member {@code to}.
   */
  void arrive(int member, ByteBuffer[] blocks) {
    sent[member] = blocks;
    threads[member] = Thread.currentThread();
    missing--;
    if (missing == 0) {
      complete = true;
    }
  }

  boolean isMissing(int member) {
    return sent[member] == null;
  }

  /** Whether every member has arrived; if so, what they sent is visible to the caller. */
  boolean isComplete() {
    return complete;
  }

  /** Lets all ranks that wait here check again whether they can go on. This allocates no memory. */
  void wake() {
    for (Thread thread : threads) {
      // Unparking null, or a thread that does not wait, does no harm.
      LockSupport.unpark(thread);
    }
  }

  /** The blocks that each member gave to {@code member}, in buffers that nobody else has. */
  List<ByteBuffer> receivedBy(int member) {
    ByteBuffer[] received = new ByteBuffer[sent.length];
    for (int from = 0; from < sent.length; from++) {
      received[from] = sent[from][member];
    }
    return List.of(received);
  }

  /** The exchange as errors describe it. */
  @Override
  public String toString() {
    return call + " on " + group;
  }
}
