package dev.helix.runtime.reading;

import dev.helix.tensor.DType;
import dev.helix.tensor.mesh.Communicator;
import dev.helix.tensor.scalar.RoundedArithmetic;
import dev.helix.tensor.scalar.ScalarConstants;
import dev.helix.tensor.scalar.ScalarTensor;

/**
 * A reading that computes the textbook formulas in a narrower number format than double, and rounds
 * every result to it. This is the downcast reference: its error is the unit in which another
 * program's error is stated.
 */
public final class RoundedReading implements Reading<ScalarTensor<Double>> {
  private final DType format;
  private final ScalarConstants<Double> constants = new ScalarConstants<>();

  /**
   * Creates the reading of a format.
   *
   * @param format a format narrower than double
   */
  public RoundedReading(DType format) {
    this.format = format;
  }

  @Override
  public String name() {
    return format.toString();
  }

  @Override
  public RankOperations<ScalarTensor<Double>> on(Communicator communicator) {
    return ScalarOperations.of(communicator, new RoundedArithmetic(format), constants);
  }
}
