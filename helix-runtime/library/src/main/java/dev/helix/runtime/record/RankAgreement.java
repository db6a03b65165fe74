package dev.helix.runtime.record;

import dev.helix.attention.QueryToken;
import dev.helix.ffn.Routing;
import dev.helix.tensor.Group;
import dev.helix.tensor.mesh.Communicator;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Checks that ranks hold the same bits where they hold copies of one tensor. In each step every
 * rank folds what its taps observe to small numbers. After the step the folds go to one rank, in
 * one small exchange, and that rank compares them. This exchange goes over the communicator and not
 * through the collectives, so that no reading sees, counts or times it.
 */
public final class RankAgreement {
  private final Communicator communicator;
  private final Group copies;
  private final int comparer;
  private StepFolds folds = new StepFolds();
  private Optional<String> firstDifference = Optional.empty();

  /**
   * Creates the check of one rank.
   *
   * @param copies the ranks that hold the same tensors, this one among them; the first one compares
   */
  public RankAgreement(Communicator communicator, Group copies) {
    this.communicator = communicator;
    this.copies = new Group("agreement of " + copies.name(), copies.ranks());
    this.comparer = copies.ranks().get(0);
  }

  void keep(TapPoint point, List<QueryToken> step, double[] values) {
    folds.keep(point, step, values);
  }

  void keep(TapPoint point, List<QueryToken> step, Routing routing) {
    folds.keep(point, step, routing);
  }

  /**
   * Compares what the ranks have observed since the last call. All of them make this call after
   * each step.
   *
   * @param step number of the step in the run
   */
  public void compare(int step) {
    List<ByteBuffer> outgoing = new ArrayList<>();
    for (int rank : copies.ranks()) {
      outgoing.add(rank == comparer ? folds.bytes() : ByteBuffer.allocate(0));
    }
    List<ByteBuffer> arrived = communicator.exchange(copies, "agreement of step " + step, outgoing);
    if (communicator.rank() == comparer && firstDifference.isEmpty()) {
      firstDifference =
          copies.ranks().stream()
              .filter(rank -> rank != comparer)
              .sorted()
              .map(
                  rank ->
                      StepFolds.of(arrived.get(copies.indexOf(rank)))
                          .firstDifference(rank, comparer, folds))
              .flatMap(Optional::stream)
              .findFirst();
    }
    folds = new StepFolds();
  }

  /**
   * The first tap point at which a rank's copy differed, in the earliest step and there on the
   * lowest rank. Only the rank that compares knows it.
   */
  public Optional<String> firstDifference() {
    return firstDifference;
  }
}
