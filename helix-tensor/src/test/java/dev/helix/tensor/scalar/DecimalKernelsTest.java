package dev.helix.tensor.scalar;

import java.math.BigDecimal;

final class DecimalKernelsTest implements KernelsContract<ScalarTensor<BigDecimal>> {
  @Override
  public Run<ScalarTensor<BigDecimal>> run() {
    return Run.scalar(new DecimalArithmetic());
  }
}
