package dev.helix.runtime.reading;

import dev.helix.tensor.Group;
import dev.helix.tensor.Tensor;
import dev.helix.tensor.mesh.Communicator;
import dev.helix.tensor.mesh.ForwardingCommunicator;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * A reading that adds up the bytes which each rank of a run sends to others. They are the bytes of
 * this reading's own numbers, which are eight for each in double precision, with the few that stand
 * in front of each payload. What a run exchanges beside the program, to compare ranks or to tell
 * tokens, is not counted.
 */
public final class MeteredReading<T extends Tensor> implements Reading<T> {
  private final Reading<T> reading;
  private final ConcurrentMap<Integer, Map<String, Long>> sent = new ConcurrentHashMap<>();

  /**
   * Meters a reading.
   *
   * @param reading a reading of one run
   */
  public MeteredReading(Reading<T> reading) {
    this.reading = reading;
  }

  @Override
  public String name() {
    return reading.name();
  }

  @Override
  public RankOperations<T> on(Communicator communicator) {
    Map<String, Long> bytes = new TreeMap<>();
    sent.put(communicator.rank(), bytes);
    return reading.on(new Meter(communicator, bytes));
  }

  /** The bytes that a rank has sent, by the exchange and the axis that it splits. */
  public Map<String, Long> sent(int rank) {
    return Map.copyOf(sent.get(rank));
  }

  /** The bytes that the rank which sent most has sent. */
  public long mostSent() {
    return sent.values().stream()
        .mapToLong(kinds -> kinds.values().stream().mapToLong(Long::longValue).sum())
        .max()
        .orElse(0);
  }

  private static final class Meter extends ForwardingCommunicator {
    private final Map<String, Long> bytes;

    Meter(Communicator inner, Map<String, Long> bytes) {
      super(inner);
      this.bytes = bytes;
    }

    @Override
    public List<ByteBuffer> exchange(Group group, String call, List<ByteBuffer> outgoing) {
      for (int member = 0; member < group.size(); member++) {
        if (group.ranks().get(member) != rank()) {
          bytes.merge(kind(call), (long) outgoing.get(member).remaining(), Long::sum);
        }
      }
      return super.exchange(group, call, outgoing);
    }

    /** The operation and its axis, without specs and halves. */
    private static String kind(String call) {
      String[] words = call.split(" ", -1);
      return words.length > 2 && words[1].equals("by") ? words[0] + " by " + words[2] : words[0];
    }
  }
}
