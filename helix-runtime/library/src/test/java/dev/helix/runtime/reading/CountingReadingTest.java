package dev.helix.runtime.reading;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.helix.runtime.ranks.threads.ThreadRanks;
import dev.helix.tensor.Axis;
import dev.helix.tensor.DType;
import dev.helix.tensor.Kernels;
import dev.helix.tensor.Spec;
import dev.helix.tensor.Tensor;
import dev.helix.tensor.WeightSlice;
import dev.helix.tensor.mesh.Communicator;
import dev.helix.tensor.mesh.Layout;
import dev.helix.tensor.mesh.RankFailure;
import dev.helix.tensor.program.Phase;
import dev.helix.tensor.scalar.OperationCounts;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class CountingReadingTest {
  private static final Layout TWO_RANKS = Layout.dense(2, 1);

  @Test
  void aRowParallelProductIsCountedOnEachRank() {
    CountingReading counting = new CountingReading();
    List<double[]> sums =
        ThreadRanks.inOneJvm(2, communicator -> rowParallel(counting, communicator));

    for (int rank = 0; rank < 2; rank++) {
      assertArrayEquals(new double[] {22, 44, 66, 88}, sums.get(rank));
      // [1, 3]·[3, 4] on each rank; each then adds up its half of the four sums of two terms.
      OperationCounts product = new OperationCounts(12, 12, 0, 0, 0, 0, 0);
      OperationCounts sum = new OperationCounts(2, 0, 0, 0, 0, 0, 0);
      assertEquals(Map.of("partialLinear", product, "allReduce", sum), counting.counts(rank));
      assertEquals(24, product.flops());
    }
  }

  @Test
  void theSameProgramGivesTheSameNumbersInTheFp64Reading() {
    // Small integers: no reading rounds anything.
    Fp64Reading fp64 = new Fp64Reading();
    List<double[]> sums = ThreadRanks.inOneJvm(2, communicator -> rowParallel(fp64, communicator));
    assertArrayEquals(new double[] {22, 44, 66, 88}, sums.get(0));
  }

  @Test
  void aReadingCountsOneRun() {
    CountingReading counting = new CountingReading();
    ThreadRanks.inOneJvm(2, communicator -> rowParallel(counting, communicator));
    RankFailure failure =
        assertThrows(
            RankFailure.class,
            () -> ThreadRanks.inOneJvm(2, communicator -> rowParallel(counting, communicator)));
    assertTrue(failure.getMessage().contains("is counted already"), failure.getMessage());
  }

  @Test
  void aRankThatTookNoPartHasNoCounts() {
    CountingReading counting = new CountingReading();
    ThreadRanks.inOneJvm(2, communicator -> rowParallel(counting, communicator));
    String message =
        assertThrows(IllegalArgumentException.class, () -> counting.counts(2)).getMessage();
    assertEquals("rank 2 took no part in the run, expected one of [0, 1]", message);
  }

  /** (1 2 3 | 4 5 7)·Wᵀ, row r of W being r ones; the contracted axis is split over two ranks. */
  private static <T extends Tensor> double[] rowParallel(
      Reading<T> reading, Communicator communicator) {
    RankOperations<T> operations = reading.on(communicator);
    Kernels<T> kernels = operations.kernels();
    boolean first = communicator.rank() == 0;
    double[] own = first ? new double[] {1, 2, 3} : new double[] {4, 5, 7};
    T x =
        kernels.constant(
            Spec.of(DType.BF16, Axis.BATCH, 1, Axis.INTERMEDIATE, 3),
            new WeightSlice("x" + communicator.rank(), () -> own));
    T down =
        kernels.constant(
            Spec.of(DType.BF16, Axis.HIDDEN, 4, Axis.INTERMEDIATE, 3),
            new WeightSlice("down", () -> new double[] {1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4}));
    return kernels.toHost(
        operations
            .collectives()
            .allReduce(
                Phase.ALL_REDUCE, TWO_RANKS.all(), kernels.partialLinear(Phase.FFN, x, down)));
  }
}
