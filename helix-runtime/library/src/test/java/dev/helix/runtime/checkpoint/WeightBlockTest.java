package dev.helix.runtime.checkpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.helix.tensor.WeightSlice;
import java.util.List;
import org.junit.jupiter.api.Test;

final class WeightBlockTest {
  private static final WeightSlice ONE =
      WeightBlock.slice("a[0:1,0:2]", 1, 2, () -> new double[] {1, 2});
  private static final WeightSlice TWO =
      WeightBlock.slice("b[0:2,0:2]", 2, 2, () -> new double[] {3, 4, 5, 6});

  @Test
  void aStackHasTheRowsOfAllInOrder() {
    WeightSlice stack = Checkpoint.stack(List.of(TWO, ONE));
    assertEquals("b[0:2,0:2]+a[0:1,0:2]", stack.key());
    assertArrayEquals(new double[] {3, 4, 5, 6, 1, 2}, stack.values().get());
    assertArrayEquals(
        new double[] {3, 4, 5, 6, 1, 2, 1, 2},
        Checkpoint.stack(List.of(stack, ONE)).values().get());
  }

  @Test
  void paddingAddsRowsOfZerosBelow() {
    WeightSlice padded = Checkpoint.padRows(ONE, 2);
    assertEquals("a[0:1,0:2]+zeros[2,2]", padded.key());
    assertArrayEquals(new double[] {1, 2, 0, 0, 0, 0}, padded.values().get());
    assertSame(ONE, Checkpoint.padRows(ONE, 0));
    assertEquals(
        "padding of a[0:1,0:2]: expected at least 0 rows, got -1",
        assertThrows(IllegalArgumentException.class, () -> Checkpoint.padRows(ONE, -1))
            .getMessage());
  }

  @Test
  void aSliceOfNoRowsCanBePadded() {
    WeightSlice none = WeightBlock.slice("a[5:5,0:2]", 0, 2, () -> new double[0]);
    assertArrayEquals(new double[] {0, 0}, Checkpoint.padRows(none, 1).values().get());
  }

  @Test
  void whatHasOtherColumnsOrNoKnownSizeCannotBeStacked() {
    WeightSlice wide = WeightBlock.slice("c[0:1,0:3]", 1, 3, () -> new double[3]);
    assertEquals(
        "stack: expected 2 columns as a[0:1,0:2] has, got 3 of c[0:1,0:3]",
        assertThrows(IllegalArgumentException.class, () -> Checkpoint.stack(List.of(ONE, wide)))
            .getMessage());
    assertThrows(IllegalArgumentException.class, () -> Checkpoint.stack(List.of()));
    WeightSlice foreign = new WeightSlice("x", () -> new double[2]);
    assertEquals(
        "x is no slice of a checkpoint",
        assertThrows(IllegalArgumentException.class, () -> Checkpoint.padRows(foreign, 1))
            .getMessage());
  }

  @Test
  void whatNoArrayHoldsIsRefused() {
    assertEquals(
        "w: expected at most 2147483647 numbers, got 65536 × 65536",
        assertThrows(
                IllegalArgumentException.class,
                () -> WeightBlock.slice("w", 65536, 65536, () -> new double[0]).values().get())
            .getMessage());
  }
}
