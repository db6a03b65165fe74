package dev.helix.laws.decode;

import dev.helix.runtime.reading.Fp64Reading;
import dev.helix.runtime.reading.Reading;
import dev.helix.tensor.fp64.Fp64Tensor;

/** The sharded decode in the {@code fp64} reading. Faults of shipped systems are variants of it. */
public interface DecodeUnderTest extends DecodeVariant<Fp64Tensor> {
  @Override
  default Reading<Fp64Tensor> reading() {
    return new Fp64Reading();
  }

  @Override
  default boolean inBits() {
    return false;
  }
}
