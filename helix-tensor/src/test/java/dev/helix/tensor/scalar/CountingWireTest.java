package dev.helix.tensor.scalar;

final class CountingWireTest implements WireContract<ScalarTensor<Double>> {
  @Override
  public Run<ScalarTensor<Double>> run() {
    return Run.counting();
  }
}
