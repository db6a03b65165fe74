package dev.helix.ffn.scalar;

import dev.helix.tensor.scalar.ScalarTensor;

final class CountingFfnTest implements FfnKernelsContract<ScalarTensor<Double>> {
  @Override
  public Run<ScalarTensor<Double>> run(int rank) {
    return Run.counting(rank);
  }
}
