package dev.helix.tensor.scalar;

import dev.helix.tensor.exact.ExactTensor;

final class ExactKernelsTest implements KernelsContract<ExactTensor> {
  @Override
  public Run<ExactTensor> run() {
    return Run.exact();
  }
}
