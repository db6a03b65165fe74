package dev.helix.tensor.scalar;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.helix.tensor.Axis;
import dev.helix.tensor.DType;
import dev.helix.tensor.Kernels;
import dev.helix.tensor.Spec;
import org.junit.jupiter.api.Test;

/** What the scalar kernels refuse beyond {@link KernelsContract}. */
final class ScalarKernelsTest {
  private final Run<ScalarTensor<Double>> run = Run.counting();
  private final Kernels<ScalarTensor<Double>> kernels = run.kernels().apply(0);

  @Test
  void whatIsUnsetIsNotHandedOut() {
    double[] values = {1, Double.NaN};
    ScalarTensor<Double> x = run.tensor(Spec.of(DType.BF16, Axis.HIDDEN, 2), values);
    String message =
        assertThrows(IllegalStateException.class, () -> kernels.toHost(x)).getMessage();
    assertTrue(message.contains("element 1 of bf16[hidden=2] of rank 0 is unset"), message);
  }
}
