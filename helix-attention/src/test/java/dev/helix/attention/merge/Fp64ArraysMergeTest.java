package dev.helix.attention.merge;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;

/** The merge of the fp64 reading on plain arrays. */
final class Fp64ArraysMergeTest implements MergeContract {
  @Override
  public double[] merge(double[] lses, double[][] outputs) {
    double[] merged = new double[outputs[0].length];
    // What stands there before is not read.
    Arrays.fill(merged, Double.NaN);
    double[] flat = Arrays.stream(outputs).flatMapToDouble(Arrays::stream).toArray();
    Fp64Merge.mergeByLse(lses, flat, merged);
    return merged;
  }

  @Property(tries = 100, seed = "48")
  void onePartIsItsOutputBitForBit(
      @ForAll @DoubleRange(min = -1e5, max = 1e5) double lse, @ForAll double output) {
    double[] merged =
        merge(new double[] {lse}, new double[][] {{output, 1 / 3.0, Double.MIN_VALUE}});
    assertArrayEquals(new double[] {output, 1 / 3.0, Double.MIN_VALUE}, merged, 0.0);
  }

  @Example
  void aLostPartIsNotTakenForAResult() {
    double[] merged = merge(new double[] {0, Double.NaN}, new double[][] {{1}, {2}});
    assertEquals(Double.NaN, merged[0]);
  }

  @Example
  void outputsOfAnotherNumberOfPartsAreRefused() {
    IllegalArgumentException refusal =
        assertThrows(
            IllegalArgumentException.class,
            () -> Fp64Merge.mergeByLse(new double[2], new double[5], new double[2]));
    assertEquals(
        "mergeByLse: expected 2 outputs of 2 components, got 5 numbers", refusal.getMessage());
  }
}
