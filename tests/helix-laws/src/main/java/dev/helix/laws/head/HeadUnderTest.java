package dev.helix.laws.head;

import dev.helix.laws.Seam;
import dev.helix.laws.SeamTrials;
import dev.helix.laws.UnderTest;
import dev.helix.tensor.DType;

/** An adapter around a head that is split over the vocabulary. */
public interface HeadUnderTest extends UnderTest {
  /** The format of logits. */
  default DType format() {
    return DType.F64;
  }

  /** Whether the head returns logits, and not only chosen words. */
  default boolean returnsLogits() {
    return true;
  }

  /** Computes the logits and the chosen words of all rows. */
  HeadAnswer decode(HeadInput input);

  @Override
  default Seam seam() {
    return Seam.HEAD;
  }

  @Override
  default SeamTrials<HeadCase> laws() {
    return new HeadTrials(this);
  }
}
