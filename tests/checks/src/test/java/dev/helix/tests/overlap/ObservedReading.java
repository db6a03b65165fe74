package dev.helix.tests.overlap;

import dev.helix.runtime.reading.Fp64Reading;
import dev.helix.runtime.reading.RankOperations;
import dev.helix.runtime.reading.Reading;
import dev.helix.tensor.Group;
import dev.helix.tensor.fp64.Fp64Tensor;
import dev.helix.tensor.mesh.Communicator;
import dev.helix.tensor.mesh.ForwardingCommunicator;
import dev.helix.tensor.mesh.RankScope;
import dev.helix.tensor.program.Place;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** The fp64 reading, with what each rank launches and sends written down. */
final class ObservedReading implements Reading<Fp64Tensor> {
  private final Fp64Reading reading = new Fp64Reading();
  private final ConcurrentMap<Integer, Seen> ranks = new ConcurrentHashMap<>();

  @Override
  public String name() {
    return reading.name();
  }

  @Override
  public RankOperations<Fp64Tensor> on(Communicator communicator) {
    Seen seen = new Seen(communicator);
    ranks.put(communicator.rank(), seen);
    return reading.on(seen);
  }

  Seen seen(int rank) {
    return ranks.get(rank);
  }

  /** What one rank has done. */
  static final class Seen extends ForwardingCommunicator {
    /** In front of each of the tensors that cross together. */
    private static final int LENGTH_BYTES = 4;

    private final Communicator inner;
    private final RankScope scope;
    private final List<String> launches = new ArrayList<>();
    private final List<Place> places = new ArrayList<>();
    private long numbersInAllToAll;

    private Seen(Communicator inner) {
      super(inner);
      this.inner = inner;
      this.scope = new RankScope(inner.rank(), this::launched);
    }

    private void launched() {
      launches.add(scope.operation());
      places.add(scope.place());
      inner.scope().launch(scope.operation());
    }

    long launches(String operation) {
      return launches.stream().filter(operation::equals).count();
    }

    /** The launches of some operations in layer 0 before layer 1 is first entered, in order. */
    List<String> firstStepOfLayer0(String... operations) {
      Set<String> wanted = Set.of(operations);
      List<String> found = new ArrayList<>();
      for (int i = 0; !places.get(i).equals(Place.layer(1)); i++) {
        if (places.get(i).equals(Place.layer(0)) && wanted.contains(launches.get(i))) {
          found.add(launches.get(i));
        }
      }
      return found;
    }

    /** Doubles that this rank has given to all-to-alls, its own blocks included. */
    long numbersInAllToAll() {
      return numbersInAllToAll;
    }

    @Override
    public RankScope scope() {
      return scope;
    }

    @Override
    public List<ByteBuffer> exchange(Group group, String call, List<ByteBuffer> outgoing) {
      if (call.startsWith("allToAll")) {
        for (ByteBuffer parcel : outgoing) {
          // Partial outputs and log-sum-exps cross together.
          numbersInAllToAll += (parcel.remaining() - 2 * LENGTH_BYTES) / Double.BYTES;
        }
      }
      return super.exchange(group, call, outgoing);
    }
  }
}
