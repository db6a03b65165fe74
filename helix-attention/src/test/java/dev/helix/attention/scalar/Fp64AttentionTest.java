package dev.helix.attention.scalar;

import dev.helix.tensor.fp64.Fp64Tensor;

final class Fp64AttentionTest
    implements AttentionKernelsContract<Fp64Tensor>, RefusalContract<Fp64Tensor> {
  @Override
  public Run<Fp64Tensor> run(int rank) {
    return Run.fp64(rank);
  }
}
