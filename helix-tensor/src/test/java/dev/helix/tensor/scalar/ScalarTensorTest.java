package dev.helix.tensor.scalar;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.helix.tensor.Axis;
import dev.helix.tensor.DType;
import dev.helix.tensor.Spec;
import dev.helix.tensor.mesh.RankScope;
import org.junit.jupiter.api.Test;

final class ScalarTensorTest {
  private static final Spec SPEC = Spec.of(DType.BF16, Axis.HIDDEN, 4);

  private final CountingArithmetic arithmetic = new CountingArithmetic(RankScope.alone(2));
  private final ScalarRank<Double> rank = new ScalarRank<>(RankScope.alone(2), arithmetic);

  @Test
  void anElementIsUnsetUntilItIsWritten() {
    ScalarTensor<Double> tensor = rank.allocate(SPEC);
    for (int i = 0; i < 4; i++) {
      assertUnset(tensor, i);
    }
    tensor.set(1, 7.0);
    assertEquals(7.0, tensor.get(1));
    assertFalse(tensor.isNegativeInfinity(1));
    assertUnset(tensor, 2);
  }

  @Test
  void negativeInfinityIsKnownButIsNoNumber() {
    ScalarTensor<Double> tensor = rank.allocate(SPEC);
    tensor.setNegativeInfinity(3);
    assertTrue(tensor.isNegativeInfinity(3));
    IllegalStateException error = assertThrows(IllegalStateException.class, () -> tensor.get(3));
    assertEquals(
        "element 3 of bf16[hidden=4] of rank 2 is −∞, expected a number", error.getMessage());
    tensor.set(3, 1.0);
    assertEquals(1.0, tensor.get(3));
  }

  @Test
  void whatIsNoNumberInAConstantIsNotRead() {
    double[] values = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, 1};
    ScalarTensor<Double> tensor = ScalarTensor.constant(SPEC, 2, values, arithmetic);
    assertUnset(tensor, 0);
    assertUnset(tensor, 1);
    assertTrue(tensor.isNegativeInfinity(2));
    assertEquals(1.0, tensor.get(3));
  }

  @Test
  void aConstantIsNotWrittenTo() {
    ScalarTensor<Double> tensor = ScalarTensor.constant(SPEC, 2, new double[4], arithmetic);
    assertThrows(IllegalStateException.class, () -> tensor.set(0, 1.0));
    assertThrows(IllegalStateException.class, () -> tensor.setNegativeInfinity(0));
    assertEquals(0.0, tensor.get(0));
  }

  private static void assertUnset(ScalarTensor<Double> tensor, int index) {
    String expected =
        "element %d of bf16[hidden=4] of rank 2 is unset, expected a number".formatted(index);
    assertEquals(
        expected, assertThrows(IllegalStateException.class, () -> tensor.get(index)).getMessage());
    assertEquals(
        expected,
        assertThrows(IllegalStateException.class, () -> tensor.isNegativeInfinity(index))
            .getMessage());
  }
}
