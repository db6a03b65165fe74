package dev.helix.runtime.reading;

import dev.helix.tensor.mesh.Communicator;
import dev.helix.tensor.scalar.CountingArithmetic;
import dev.helix.tensor.scalar.OperationCounts;
import dev.helix.tensor.scalar.ScalarConstants;
import dev.helix.tensor.scalar.ScalarTensor;
import java.util.SortedMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * The {@code counting} reading. It computes the textbook formulas in double precision, and counts
 * the operations on numbers that each rank does for each operation of the vocabulary. The additions
 * of a collective count on the rank that does them.
 */
public final class CountingReading implements Reading<ScalarTensor<Double>> {
  private final ScalarConstants<Double> constants = new ScalarConstants<>();
  private final ConcurrentMap<Integer, CountingArithmetic> ranks = new ConcurrentHashMap<>();

  @Override
  public String name() {
    return "counting";
  }

  /**
   * {@inheritDoc}
   *
   * @throws IllegalStateException if the rank has its operations already, because counts are those
   *     of one run
   */
  @Override
  public RankOperations<ScalarTensor<Double>> on(Communicator communicator) {
    CountingArithmetic arithmetic = new CountingArithmetic(communicator.scope());
    if (ranks.putIfAbsent(communicator.rank(), arithmetic) != null) {
      throw new IllegalStateException(
          "rank %d is counted already; a counting reading serves one run"
              .formatted(communicator.rank()));
    }
    return ScalarOperations.of(communicator, arithmetic, constants);
  }

  /**
   * The counts of a rank for each operation: {@code "linear"}, {@code "flashDecode"}, {@code
   * "allReduce"}. Operations that compute nothing (embedding, copies) are left out. Call it when
   * the run has ended.
   *
   * @throws IllegalArgumentException if the rank took no part
   */
  public SortedMap<String, OperationCounts> counts(int rank) {
    CountingArithmetic arithmetic = ranks.get(rank);
    if (arithmetic == null) {
      throw new IllegalArgumentException(
          "rank %d took no part in the run, expected one of %s".formatted(rank, ranks.keySet()));
    }
    return arithmetic.counts();
  }
}
