package dev.helix.tensor.scalar;

import dev.helix.tensor.fp64.Fp64Tensor;

final class Fp64KernelsTest implements KernelsContract<Fp64Tensor> {
  @Override
  public Run<Fp64Tensor> run() {
    return Run.fp64();
  }
}
