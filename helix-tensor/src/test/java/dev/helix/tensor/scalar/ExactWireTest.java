package dev.helix.tensor.scalar;

import dev.helix.tensor.exact.ExactTensor;

final class ExactWireTest implements WireContract<ExactTensor> {
  @Override
  public Run<ExactTensor> run() {
    return Run.exact();
  }
}
