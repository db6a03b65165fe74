package dev.helix.laws.strategy;

import dev.helix.runtime.reading.ExactReading;
import dev.helix.runtime.reading.Reading;
import dev.helix.tensor.exact.ExactTensor;

/** Decodes in the {@code exact} reading, whose laws hold to the bit. */
public abstract class ExactStrategyUnderTest extends StrategyVariant<ExactTensor> {
  @Override
  public Reading<ExactTensor> reading() {
    return new ExactReading();
  }

  @Override
  public boolean inBits() {
    return true;
  }
}
