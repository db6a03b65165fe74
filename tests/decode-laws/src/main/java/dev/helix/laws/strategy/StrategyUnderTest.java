package dev.helix.laws.strategy;

import dev.helix.runtime.reading.Fp64Reading;
import dev.helix.runtime.reading.Reading;
import dev.helix.tensor.fp64.Fp64Tensor;

/** Decodes in the {@code fp64} reading: faults of shipped systems are variants of it. */
public abstract class StrategyUnderTest extends StrategyVariant<Fp64Tensor> {
  @Override
  public Reading<Fp64Tensor> reading() {
    return new Fp64Reading();
  }

  @Override
  public boolean inBits() {
    return false;
  }
}
