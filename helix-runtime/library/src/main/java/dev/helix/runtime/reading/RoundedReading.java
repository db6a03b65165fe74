package dev.helix.runtime.reading;

import dev.helix.tensor.DType;
import dev.helix.tensor.mesh.Communicator;
import dev.helix.tensor.scalar.RoundedArithmetic;
import dev.helix.tensor.scalar.ScalarConstants;
import dev.helix.tensor.scalar.ScalarTensor;

/**
 * The textbook formulas in a lower precision, every result rounded to it: the downcast reference
 * whose error is the unit that another program's error is stated in.
 */
public final class RoundedReading implements Reading<ScalarTensor<Double>> {
  private final DType format;
  private final ScalarConstants<Double> constants = new ScalarConstants<>();

  /**
   * @param format lower than double precision
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
