package dev.helix.tensor;

import static dev.helix.tensor.Axis.BATCH;
import static dev.helix.tensor.Axis.HEADS;
import static dev.helix.tensor.Axis.HEAD_DIM;
import static dev.helix.tensor.Axis.HIDDEN;
import static dev.helix.tensor.Axis.SHARDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SpecTest {
  private static final Spec QUERIES =
      Spec.of(DType.BF16, new Dim(BATCH, 3), new Dim(HEADS, 8), new Dim(HEAD_DIM, 64));

  /** Walks all multi-indices as nested loops would and compares each with what the sizes say. */
  @Property(seed = "20250110", tries = 300)
  void rowMajorOrderIsThatOfNestedLoopsOverTheAxes(@ForAll("specs") Spec spec) {
    int[] odometer = new int[spec.axisCount()];
    long visited = 0;
    for (boolean more = spec.elements() > 0; more; visited++) {
      for (int i = 0; i < spec.axisCount(); i++) {
        Dim dim = spec.dims().get(i);
        assertEquals(odometer[i], visited / spec.inner(dim.axis()) % dim.size());
        assertEquals(odometer[i], visited / spec.stride(i + 1) % dim.size());
      }
      more = advance(odometer, spec);
    }
    assertEquals(visited, spec.elements());
  }

  @Property(seed = "20250111", tries = 300)
  void everyAxisSplitsTheElementsIntoOuterTimesSizeTimesInner(@ForAll("specs") Spec spec) {
    for (Dim dim : spec.dims()) {
      long product = (long) spec.outer(dim.axis()) * dim.size() * spec.inner(dim.axis());
      assertEquals(spec.elements(), product);
      assertEquals(dim.size(), spec.size(dim.axis()));
      assertEquals(dim, spec.dims().get(spec.indexOf(dim.axis())));
    }
    assertEquals(spec.elements(), spec.stride(0));
  }

  @Property(seed = "20250112", tries = 300)
  void resizingAnAxisChangesThatSizeAndNothingElse(
      @ForAll("specs") Spec spec, @ForAll @IntRange(max = 9) int size) {
    for (Dim resized : spec.dims()) {
      Spec changed = spec.resized(resized.axis(), size);
      assertEquals(spec.dtype(), changed.dtype());
      for (int i = 0; i < spec.axisCount(); i++) {
        Dim before = spec.dims().get(i);
        int expected = before.equals(resized) ? size : before.size();
        assertEquals(new Dim(before.axis(), expected), changed.dims().get(i));
      }
      assertEquals(spec, changed.resized(resized.axis(), resized.size()));
    }
  }

  @Property(seed = "20250113", tries = 300)
  void stackingMultipliesTheElementsAndLeavesEveryInnerExtent(
      @ForAll("specs") Spec spec, @ForAll @IntRange(max = 9) int size) {
    Spec stacked = spec.stacked(SHARDS, size);
    assertEquals(new Dim(SHARDS, size), stacked.dims().get(0));
    assertEquals(spec.dims(), stacked.dims().subList(1, stacked.axisCount()));
    assertEquals(spec.dtype(), stacked.dtype());
    assertEquals(size * spec.elements(), stacked.elements());
    assertEquals(spec.elements(), stacked.inner(SHARDS));
    assertThrows(IllegalArgumentException.class, () -> stacked.stacked(SHARDS, size));
  }

  @Test
  void anAxisThatOccursTwiceIsRefused() {
    assertRefused("axis heads occurs twice", () -> Spec.of(DType.F64, HEADS, 4, HEADS, 2));
  }

  @Test
  void anAxisThatIsNotThereIsRefusedWithTheSpec() {
    String message = "no axis hidden in bf16[batch=3, heads=8, headDim=64]";
    assertFalse(QUERIES.has(HIDDEN));
    assertRefused(message, () -> QUERIES.size(HIDDEN));
    assertRefused(message, () -> QUERIES.indexOf(HIDDEN));
    assertRefused(message, () -> QUERIES.outer(HIDDEN));
    assertRefused(message, () -> QUERIES.inner(HIDDEN));
    assertRefused(message, () -> QUERIES.resized(HIDDEN, 1));
  }

  @Test
  void aRequirementHoldsForTheSameAxesInTheSameOrderAlone() {
    assertSame(QUERIES, QUERIES.require("test", BATCH, HEADS, HEAD_DIM));
    for (Axis[] wrong :
        new Axis[][] {
          {HEADS, BATCH, HEAD_DIM},
          {BATCH, HEADS},
          {BATCH, HEADS, HEAD_DIM, HIDDEN},
          {BATCH, HEADS, HIDDEN},
          {}
        }) {
      assertRefused(
          "flashDecode: expected axes "
              + List.of(wrong)
              + ", got bf16[batch=3, heads=8, headDim=64]",
          () -> QUERIES.require("flashDecode", wrong));
    }
  }

  @Test
  void axesOfOneSizeAreStillDifferentAxes() {
    Spec tokensByHeads = Spec.of(DType.F64, BATCH, 4, HEADS, 4);
    Spec headsByTokens = Spec.of(DType.F64, HEADS, 4, BATCH, 4);
    assertNotEquals(tokensByHeads, headsByTokens);
    assertThrows(
        IllegalArgumentException.class, () -> headsByTokens.require("merge", BATCH, HEADS));
  }

  @ParameterizedTest
  @CsvSource({
    "F64, 3, 24",
    "F32, 3, 12",
    "BF16, 3, 6",
    "F16, 5, 10",
    "F16, 0, 0",
    "FP8, 3, 3",
    "FP4, 4, 2",
    "FP4, 5, 3",
    "BF16, 2147483647, 4294967294",
  })
  void bytesAreThoseOfTheDeployedPrecision(DType dtype, int elements, long bytes) {
    assertEquals(bytes, Spec.of(dtype, HIDDEN, elements).bytes());
  }

  @Test
  void aMillionTokensOfALargeModelAreCountedInLongs() {
    Spec keys =
        Spec.of(
            DType.BF16,
            new Dim(Axis.KV_HEADS, 8),
            new Dim(Axis.SLOTS, 1 << 20),
            new Dim(HEAD_DIM, 1024));
    assertEquals(1L << 33, keys.elements());
    assertEquals(1L << 34, keys.bytes());
    assertThrows(ArithmeticException.class, () -> keys.stride(0), "no int holds 2^33");
  }

  @Test
  void sizesBeyondALongAreAnErrorAndNotAWrongNumber() {
    int large = 1 << 30;
    Spec elementsOverflow =
        Spec.of(DType.F64, new Dim(BATCH, large), new Dim(HEADS, large), new Dim(HEAD_DIM, large));
    assertThrows(ArithmeticException.class, elementsOverflow::elements);
    Spec bitsOverflow = Spec.of(DType.F64, BATCH, large, HEADS, large);
    assertEquals(1L << 60, bitsOverflow.elements());
    assertThrows(ArithmeticException.class, bitsOverflow::bytes);
  }

  @Test
  void aScalarHasNoAxesAndOneElement() {
    Spec scalar = Spec.of(DType.F32);
    assertEquals(0, scalar.axisCount());
    assertEquals(1, scalar.elements());
    assertEquals(1, scalar.stride(0));
    assertEquals(4, scalar.bytes());
    assertEquals("f32[]", scalar.toString());
  }

  @Test
  void laterChangesToTheListOfAxesDoNotReachTheSpec() {
    List<Dim> dims = new ArrayList<>(List.of(new Dim(BATCH, 3)));
    Spec spec = new Spec(DType.F64, dims);
    dims.add(new Dim(HEADS, 2));
    assertEquals(Spec.of(DType.F64, BATCH, 3), spec);
    assertThrows(UnsupportedOperationException.class, () -> spec.dims().clear());
  }

  @Test
  void aNegativeSizeIsRefusedAndNoneIsNot() {
    assertRefused("size of axis batch is -1, expected >= 0", () -> new Dim(BATCH, -1));
    assertEquals(0, new Dim(BATCH, 0).size());
  }

  /** One step of the innermost loop; false after the last. */
  private static boolean advance(int[] odometer, Spec spec) {
    for (int i = odometer.length - 1; i >= 0; i--) {
      odometer[i]++;
      if (odometer[i] < spec.dims().get(i).size()) {
        return true;
      }
      odometer[i] = 0;
    }
    return false;
  }

  private static void assertRefused(String message, Runnable call) {
    Exception refusal = assertThrows(IllegalArgumentException.class, call::run);
    assertTrue(refusal.getMessage().contains(message), refusal.getMessage());
  }

  /** Up to four axes in any order, of sizes that are often equal, odd, 1 or 0. */
  @Provide
  Arbitrary<Spec> specs() {
    List<Axis> axes = Arrays.stream(Axis.values()).filter(axis -> axis != SHARDS).toList();
    Arbitrary<List<Axis>> chosen = Arbitraries.shuffle(axes);
    Arbitrary<List<Integer>> sizes =
        Arbitraries.frequency(
                Tuple.of(1, 0), Tuple.of(3, 1), Tuple.of(3, 2), Tuple.of(3, 3), Tuple.of(2, 7))
            .list()
            .ofMaxSize(4);
    return Combinators.combine(Arbitraries.of(DType.values()), chosen, sizes)
        .as(
            (dtype, names, extents) -> {
              List<Dim> dims = new ArrayList<>();
              for (int i = 0; i < extents.size(); i++) {
                dims.add(new Dim(names.get(i), extents.get(i)));
              }
              return new Spec(dtype, dims);
            });
  }
}
