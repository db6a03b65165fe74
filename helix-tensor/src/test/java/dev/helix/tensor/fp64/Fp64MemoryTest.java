package dev.helix.tensor.fp64;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.helix.tensor.fp64.Fp64Memory.Region;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.Test;

class Fp64MemoryTest {
  @Test
  void regionsDoNotOverlapAndDoNotReachBeyondThemselves() {
    Fp64Memory memory = new Fp64Memory();
    List<Region> regions = new ArrayList<>();
    for (int size : new int[] {0, 1, 5, 16_000, 16_384, 16_385, 70_000, 3, 60_000, 2}) {
      Region region = memory.allocate(size);
      for (int i = 0; i < size; i++) {
        region.set(i, regions.size());
      }
      regions.add(region);
    }
    for (int index = 0; index < regions.size(); index++) {
      Region region = regions.get(index);
      for (long i = 0; i < region.length(); i++) {
        assertEquals(index, region.get(i));
      }
      assertThrows(IndexOutOfBoundsException.class, () -> region.get(region.length()));
      assertThrows(IndexOutOfBoundsException.class, () -> region.get(-1));
      assertThrows(IndexOutOfBoundsException.class, () -> region.set(region.length(), 0));
    }
  }

  /** The second region is so long that it is read through several windows. */
  @Test
  void rowsAreCopiedFromWhereTheyStand() {
    for (int size : new int[] {1000, (1 << 21) + 70_000}) {
      Region region = new Fp64Memory().allocate(size);
      for (int i = 0; i < size; i++) {
        region.set(i, i);
      }
      for (int rows : new int[] {0, 1, 7}) {
        for (int stride : new int[] {10, 13, 12_000}) {
          for (long from : new long[] {0, 3, 60, (1 << 20) - 5, 1 << 20, (1 << 21) - 40_000}) {
            assertRows(region, from, stride, rows);
          }
        }
      }
      double[][] row = new double[1][10];
      assertThrows(
          IndexOutOfBoundsException.class, () -> region.copyRows(size - 9, 10, row, 1, 10));
      assertThrows(IndexOutOfBoundsException.class, () -> region.copyRows(-1, 10, row, 1, 10));
    }
  }

  private static void assertRows(Region region, long from, int stride, int rows) {
    if (from + (long) rows * stride > region.length()) {
      return;
    }
    double[][] into = new double[8][10];
    region.copyRows(from, stride, into, rows, 9);
    for (int row = 0; row < 8; row++) {
      for (int i = 0; i < 10; i++) {
        double expected = row < rows && i < 9 ? from + (double) row * stride + i : 0;
        assertEquals(expected, into[row][i]);
      }
    }
  }

  @Test
  void weightsCannotBeWritten() {
    Region weights = Fp64Memory.constant(new double[] {1, 2, 3, 4});
    Region own = new Fp64Memory().allocate(4);
    assertThrows(UnsupportedOperationException.class, () -> weights.set(0, 0));
    assertThrows(
        UnsupportedOperationException.class,
        () -> Blas.timesTransposed(2, 2, 2, own, 0, own, 0, weights, 0));
    assertThrows(
        UnsupportedOperationException.class,
        () -> Blas.addTimes(2, 2, 2, own, 0, own, 0, weights, 0));
    assertEquals(1, weights.get(0));
  }

  @Test
  void whatIsNoLongerUsedIsUsedAgain() {
    Fp64Memory memory = new Fp64Memory();
    long before = Pointer.physicalBytes();
    double sum = 0;
    // 4 GiB in all, of which nothing is kept.
    for (int i = 0; i < 40_000; i++) {
      Region region = memory.allocate(13_000);
      region.set(12_999, i);
      sum += region.get(12_999);
    }
    assertEquals(39_999.0 * 40_000 / 2, sum);
    long grown = Pointer.physicalBytes() - before;
    assertTrue(grown < 1L << 30, () -> "grown by " + grown + " bytes");
  }
}
