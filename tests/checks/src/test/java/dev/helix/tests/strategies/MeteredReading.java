package dev.helix.tests.strategies;

import dev.helix.runtime.reading.Fp64Reading;
import dev.helix.runtime.reading.RankOperations;
import dev.helix.runtime.reading.Reading;
import dev.helix.tensor.Group;
import dev.helix.tensor.fp64.Fp64Tensor;
import dev.helix.tensor.mesh.Communicator;
import dev.helix.tensor.mesh.RankScope;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** The fp64 reading over communicators that add up what goes to other ranks. */
final class MeteredReading implements Reading<Fp64Tensor> {
  private final Fp64Reading reading = new Fp64Reading();
  private final ConcurrentMap<Integer, Map<String, Long>> sent = new ConcurrentHashMap<>();

  @Override
  public String name() {
    return reading.name();
  }

  @Override
  public RankOperations<Fp64Tensor> on(Communicator communicator) {
    Map<String, Long> bytes = new TreeMap<>();
    sent.put(communicator.rank(), bytes);
    return reading.on(new Meter(communicator, bytes));
  }

  Map<String, Long> sent(int rank) {
    return sent.get(rank);
  }

  private record Meter(Communicator inner, Map<String, Long> bytes) implements Communicator {
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
      for (int member = 0; member < group.size(); member++) {
        if (group.ranks().get(member) != rank()) {
          bytes.merge(kind(call), (long) outgoing.get(member).remaining(), Long::sum);
        }
      }
      return inner.exchange(group, call, outgoing);
    }

    /** The operation and its axis, without specs and halves. */
    private static String kind(String call) {
      String[] words = call.split(" ", -1);
      return words.length > 2 && words[1].equals("by") ? words[0] + " by " + words[2] : words[0];
    }
  }
}
