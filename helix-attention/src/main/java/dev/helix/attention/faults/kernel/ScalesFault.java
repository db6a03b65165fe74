package dev.helix.attention.faults.kernel;

import dev.helix.attention.faults.AttentionFault;
import dev.helix.tensor.faults.FaultSeam;
import dev.helix.tensor.faults.FaultStory;
import java.util.function.UnaryOperator;

/**
 * A fault in the scales of a quantised cache. This project's kernels have no quantised cache, so
 * the fault only says which scales a faulty kernel would use in place of the right ones.
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
