package dev.helix.tests.strategies;

import dev.helix.runtime.reading.RankOperations;
import dev.helix.runtime.reading.Reading;
import dev.helix.tensor.Tensor;
import dev.helix.tensor.mesh.Communicator;
import dev.helix.tensor.mesh.ForwardingCommunicator;
import dev.helix.tensor.mesh.RankScope;
import dev.helix.tensor.program.TransferKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** A reading that writes down what each rank launches, and where. */
final class RecordedLaunches<T extends Tensor> implements Reading<T> {
  private final Reading<T> reading;
  private final ConcurrentMap<Integer, List<String>> launched = new ConcurrentHashMap<>();

  RecordedLaunches(Reading<T> reading) {
    this.reading = reading;
  }

  @Override
  public String name() {
    return reading.name();
  }

  @Override
  public RankOperations<T> on(Communicator communicator) {
    return reading.on(new Announced(communicator, launched));
  }

  /** The places and names of a rank's launches, in their order. */
  List<String> of(int rank) {
    return List.copyOf(launched.get(rank));
  }

  private static final class Announced extends ForwardingCommunicator {
    private final RankScope scope;

    Announced(Communicator inner, ConcurrentMap<Integer, List<String>> launched) {
      super(inner);
      List<String> own = new ArrayList<>();
      launched.put(inner.rank(), own);
      this.scope =
          new RankScope(
              inner.rank(),
              () -> {
                RankScope announced = scope();
                inner.scope().enter(announced.place());
                inner.scope().launch(announced.operation());
                launched(announced.operation())
                    .ifPresent(name -> own.add(announced.place() + ": " + name));
              });
    }

    /** The name of a launch as the vocabulary has it; empty for what launches nothing on a GPU. */
    private static Optional<String> launched(String announced) {
      String name = announced.split(" ", -1)[0];
      return switch (name) {
        case "exchangeCounts" -> Optional.empty();
        case "send", "receive" -> Optional.of(TransferKind.POINT_TO_POINT.operation());
        default -> Optional.of(name);
      };
    }

    @Override
    public RankScope scope() {
      return scope;
    }
  }
}
