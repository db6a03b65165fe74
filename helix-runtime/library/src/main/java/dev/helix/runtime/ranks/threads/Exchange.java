package dev.helix.runtime.ranks.threads;

import dev.helix.tensor.Group;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * One exchange of a group: what its members have put in so far, then what each takes out. Guarded
 * by the {@link Rendezvous} until it is complete, unchanged afterwards.
 */
final class Exchange {
  private final Group group;
  private final String call;
  private final int firstRank;
  // By member; null until that member arrives.
  private final ByteBuffer[][] sent;
  private final Thread[] threads;
  private int missing;
  private volatile boolean complete;

  /** An exchange that {@code firstRank}, which makes {@code call}, is about to enter. */
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

  /** The calling thread's member gives {@code blocks[to]} to each member. */
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

  /** Lets all who wait here look again at what they wait for. Allocates nothing. */
  void wake() {
    for (Thread thread : threads) {
      // Unparking no thread, or one that does not wait, does no harm.
      LockSupport.unpark(thread);
    }
  }

  /** What each member gave to {@code member}, in buffers that nobody else has. */
  List<ByteBuffer> receivedBy(int member) {
    ByteBuffer[] received = new ByteBuffer[sent.length];
    for (int from = 0; from < sent.length; from++) {
      received[from] = sent[from][member];
    }
    return List.of(received);
  }

  /** As an error says it. */
  @Override
  public String toString() {
    return call + " on " + group;
  }
}
