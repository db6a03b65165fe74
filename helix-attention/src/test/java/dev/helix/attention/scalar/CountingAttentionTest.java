package dev.helix.attention.scalar;

import dev.helix.tensor.scalar.ScalarTensor;

final class CountingAttentionTest
    implements AttentionKernelsContract<ScalarTensor<Double>>,
        RefusalContract<ScalarTensor<Double>> {
  @Override
  public Run<ScalarTensor<Double>> run(int rank) {
    return Run.counting(rank);
  }
}
