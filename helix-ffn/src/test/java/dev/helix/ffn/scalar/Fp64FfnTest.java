package dev.helix.ffn.scalar;

import dev.helix.tensor.fp64.Fp64Tensor;

final class Fp64FfnTest implements FfnKernelsContract<Fp64Tensor> {
  @Override
  public Run<Fp64Tensor> run(int rank) {
    return Run.fp64(rank);
  }
}
