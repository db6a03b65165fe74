package dev.helix.tensor.scalar;

import dev.helix.tensor.exact.ExactTensor;

final class ExactWireTest implements WireContract<ExactTensor> {
  @Override
  public Run<ExactTensor> run() {
    return Run.exact();
  }

  /** Nothing is lost beside 1e30: the sum is 2, whatever the order. */
  @Override
  public double[] sumOfTerms() {
    return new double[] {2, 4, -2};
  }
}
