package dev.helix.runtime.reading;

import dev.helix.tensor.mesh.Communicator;
import dev.helix.tensor.scalar.DecimalArithmetic;
import dev.helix.tensor.scalar.ScalarConstants;
import dev.helix.tensor.scalar.ScalarTensor;
import java.math.BigDecimal;

/**
 * The {@code oracle} reading. It computes the textbook formulas on numbers of {@value
 * DecimalArithmetic#DIGITS} digits, which cross between ranks unrounded. It is for small shapes: a
 * million multiplications take about a second.
 *
 * <p>Some numbers are given as doubles, so this reading does not judge their errors: the weights of
 * the model, cosines and sines of positions, the scale of scores, and the weights of experts. The
 * router computes the latter on doubles, so that all ranks choose alike.
 */
public final class OracleReading implements Reading<ScalarTensor<BigDecimal>> {
  public static final String NAME = "oracle";

  private final ScalarConstants<BigDecimal> constants = new ScalarConstants<>();

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public RankOperations<ScalarTensor<BigDecimal>> on(Communicator communicator) {
    return ScalarOperations.of(communicator, new DecimalArithmetic(), constants);
  }
}
