package dev.helix.attention.faults.kernel;

import dev.helix.attention.faults.AttentionFault;
import dev.helix.tensor.faults.FaultSeam;
import dev.helix.tensor.faults.FaultStory;
import java.util.function.UnaryOperator;

/**
 * A fault in the scales of a quantised cache, which this project's kernels have not got: a kernel
 * that has them is faulty if it uses the changed ones.
 */
public record ScalesFault(FaultStory story, UnaryOperator<QuantisationScales> change)
    implements AttentionFault {
  @Override
  public FaultSeam seam() {
    return FaultSeam.KERNEL;
  }

  /** The scales that the faulty kernel uses. */
  public QuantisationScales used(QuantisationScales right) {
    return change.apply(right);
  }
}
