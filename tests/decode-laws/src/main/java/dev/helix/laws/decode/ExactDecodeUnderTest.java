package dev.helix.laws.decode;

import dev.helix.runtime.reading.ExactReading;
import dev.helix.runtime.reading.Reading;
import dev.helix.tensor.exact.ExactTensor;

/** The sharded decode in the {@code exact} reading, whose laws hold to the bit. */
public interface ExactDecodeUnderTest extends DecodeVariant<ExactTensor> {
  @Override
  default Reading<ExactTensor> reading() {
    return new ExactReading();
  }

  @Override
  default boolean inBits() {
    return true;
  }
}
