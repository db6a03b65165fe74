package dev.helix.attention.faults.rotary;

import dev.helix.attention.faults.AttentionFault;
import dev.helix.attention.rotary.RopeParameters;
import dev.helix.tensor.faults.FaultSeam;
import dev.helix.tensor.faults.FaultStory;
import java.util.function.UnaryOperator;

/**
 * A fault in the parameters that a program takes from a configuration. It only says which
 * parameters such a program would use. The kernels that run with them are healthy.
 *
 * @param turn the parameters by which queries and keys are turned
 * @param score the parameters whose factor multiplies scores
 */
public record RotaryRuleFault(
    FaultStory story, UnaryOperator<RopeParameters> turn, UnaryOperator<RopeParameters> score)
    implements AttentionFault {
  @Override
  public FaultSeam seam() {
    return FaultSeam.POSITIONS;
  }
}
