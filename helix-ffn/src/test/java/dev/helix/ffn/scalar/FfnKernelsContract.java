package dev.helix.ffn.scalar;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.helix.tensor.Axis;
import dev.helix.tensor.DType;
import dev.helix.tensor.Spec;
import dev.helix.tensor.Tensor;
import org.junit.jupiter.api.Test;

/** What every numeric reading's FFN kernels keep exactly, and what they refuse. */
interface FfnKernelsContract<T extends Tensor> {
  /** A new run of the reading. */
  Run<T> run(int rank);

  @Test
  default void gatesStandBeforeUps() {
    Run<T> run = run(0);
    // silu(0) = 0, and from 40 on exp(−g) is lost in 1 + exp(−g): silu(g) = g.
    T gateUp = run.tensor(Run.gateUp(2, 4), 0, 40, 3, 5, 64, 0, 0.5, 7);
    T activated = run.ffn().swiGlu(gateUp);
    assertArrayEquals(new double[] {0, 200, 32, 0}, run.host(activated));
    assertEquals(Spec.of(DType.BF16, Axis.BATCH, 2, Axis.INTERMEDIATE, 2), activated.spec());
  }

  @Test
  default void noRowsGiveNoRows() {
    Run<T> run = run(0);
    assertEquals(0, run.host(run.ffn().swiGlu(run.tensor(Run.gateUp(0, 4)))).length);
  }

  @Test
  default void tensorsOfAnotherRankAreRefused() {
    T foreign = run(3).tensor(Run.gateUp(1, 2), 1, 2);
    assertRefused(foreign, "swiGlu", "rank 0", "rank 3");
  }

  @Test
  default void shapesThatDoNotFitAreRefused() {
    Run<T> run = run(0);
    assertRefused(run.tensor(Run.gateUp(1, 3), 1, 2, 3), "swiGlu", "gateUp", "3");
    assertRefused(
        run.tensor(Spec.of(DType.BF16, Axis.BATCH, 1, Axis.INTERMEDIATE, 2), 1, 2),
        "swiGlu",
        "[batch, gateUp]",
        "batch=1, intermediate=2");
  }

  private void assertRefused(T gateUp, String... words) {
    Run<T> run = run(0);
    String message =
        assertThrows(IllegalArgumentException.class, () -> run.ffn().swiGlu(gateUp)).getMessage();
    for (String word : words) {
      assertTrue(message.contains(word), message + " lacks " + word);
    }
  }
}
