package dev.helix.tensor.scalar;

final class CountingKernelsTest implements KernelsContract<ScalarTensor<Double>> {
  @Override
  public Run<ScalarTensor<Double>> run() {
    return Run.counting();
  }
}
