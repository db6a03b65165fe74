package dev.helix.tensor.scalar;

import java.math.BigDecimal;

final class DecimalWireTest implements WireContract<ScalarTensor<BigDecimal>> {
  @Override
  public Run<ScalarTensor<BigDecimal>> run() {
    return Run.scalar(new DecimalArithmetic());
  }

  /** Nothing is lost in 50 digits. */
  @Override
  public double[] sumOfTerms() {
    return new double[] {2, 4, -2};
  }
}
