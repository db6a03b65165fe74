package dev.helix.runtime.reading;

import dev.helix.tensor.mesh.Communicator;
import dev.helix.tensor.scalar.DecimalArithmetic;
import dev.helix.tensor.scalar.ScalarConstants;
import dev.helix.tensor.scalar.ScalarTensor;
import java.math.BigDecimal;

/**
 * The {@code oracle} reading: the textbook formulas on numbers of {@value DecimalArithmetic#DIGITS}
 * digits, which cross between ranks unrounded. For small shapes: a million multiplications take
 * about a second.
 *
 * <p>Given as doubles, and so not judged by it: the weights, cosines and sines of positions, the
 * scale of scores, and the weights with which experts count, which the router computes on doubles
 * so that all ranks choose alike.
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
