package dev.helix.ffn.scalar;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.helix.ffn.definition.SwiGluDefinition;
import dev.helix.tensor.exact.ExactTensor;
import org.junit.jupiter.api.Test;

final class ExactFfnTest implements FfnKernelsContract<ExactTensor> {
  @Override
  public Run<ExactTensor> run(int rank) {
    return Run.exact(rank);
  }

  @Test
  void gatesOfAnySizeAreAsDefined() {
    Run<ExactTensor> run = run(0);
    for (double gate : new double[] {-0.0, 0.3, -0.3, 36, -37, 700, -709.7, -745, -800, 1e300}) {
      double activated = run.host(run.ffn().swiGlu(run.tensor(Run.gateUp(1, 2), gate, 3)))[0];
      assertEquals(
          Double.doubleToRawLongBits(SwiGluDefinition.silu(gate) * 3),
          Double.doubleToRawLongBits(activated),
          "gate " + gate);
    }
  }
}
