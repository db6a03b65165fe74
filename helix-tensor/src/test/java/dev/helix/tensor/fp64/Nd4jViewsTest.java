package dev.helix.tensor.fp64;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.helix.tensor.Axis;
import dev.helix.tensor.DType;
import dev.helix.tensor.Dim;
import dev.helix.tensor.Spec;
import dev.helix.tensor.WeightSlice;
import dev.helix.tensor.mesh.RankScope;
import dev.helix.tensor.program.Phase;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

class Nd4jViewsTest {
  private static final int RANK = 3;

  private final Fp64Rank rank = new Fp64Rank(RankScope.alone(RANK));

  @Test
  void whatIsWrittenThroughAViewIsSeenThroughTheTensorAndTheOtherWayRound() {
    Fp64Tensor before = filled(spec(5, 1, 7), 0);
    Fp64Tensor tensor = filled(spec(2, 3, 4), 100);
    Fp64Tensor behind = filled(spec(1, 1, 3), 200);

    INDArray view = Nd4jViews.viewOf(tensor);

    assertArrayEquals(new long[] {2, 3, 4}, view.shape());
    assertArrayEquals(new long[] {12, 4, 1}, view.stride());
    assertEquals('c', view.ordering());
    assertEquals(DataType.DOUBLE, view.dataType());
    assertEquals(100 + 12 + 2 * 4 + 3, view.getDouble(1, 2, 3));
    view.putScalar(new int[] {1, 0, 2}, -7);
    assertEquals(-7, tensor.region().get(12 + 2));
    tensor.region().set(5, -8);
    assertEquals(-8, view.getDouble(0, 1, 1));
    view.get(NDArrayIndex.all(), NDArrayIndex.point(1)).addi(1000);
    assertEquals(1000 - 8, tensor.region().get(5));
    assertEquals(100 + 3, tensor.region().get(3));
    view.assign(0);
    assertArrayEquals(filled(spec(5, 1, 7), 0).toArray(), before.toArray());
    assertArrayEquals(filled(spec(1, 1, 3), 200).toArray(), behind.toArray());
  }

  @Test
  void aViewAndWhateverNd4jMakesOfItKeepTheMemory() {
    List<INDArray> views = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      INDArray view = Nd4jViews.viewOf(filled(spec(1, 3, 5_000), i));
      INDArray row = view.slice(0).getRow(1).get(NDArrayIndex.interval(10, 20));
      views.add(i % 2 == 0 ? row : view.permute(2, 1, 0).get(NDArrayIndex.interval(10, 20)));
    }
    // 400 MB of other tensors, with five collections: a slab that was free would be among them.
    for (int i = 0; i < 4_000; i++) {
      Nd4jViews.viewOf(rank.allocate(spec(1, 1, 13_000))).assign(-1);
    }
    for (int i = 0; i < views.size(); i++) {
      double first = i % 2 == 0 ? 5_010 : 10;
      assertEquals(i + first, views.get(i).getDouble(0), "of view " + i);
    }
  }

  @Test
  void closingAViewFreesNothing() {
    Fp64Tensor tensor = filled(spec(1, 2, 3), 1);
    INDArray view = Nd4jViews.viewOf(tensor);
    assertFalse(view.closeable());
    view.close();
    assertArrayEquals(new double[] {1, 2, 3, 4, 5, 6}, tensor.toArray());
    assertEquals(6, view.getDouble(0, 1, 2));
  }

  @Test
  void weightsAreCopiedAndNotViewed() {
    Spec spec = Spec.of(DType.BF16, Axis.HIDDEN, 2);
    Fp64Constants constants = new Fp64Constants();
    Fp64Tensor weights =
        new Fp64Kernels(rank, constants)
            .constant(spec, new WeightSlice("w", () -> new double[] {5, 6}));

    assertThrows(UnsupportedOperationException.class, () -> Nd4jViews.viewOf(weights));
    INDArray copy = Nd4jViews.copyOf(weights);
    copy.addi(1);
    assertArrayEquals(new double[] {6, 7}, copy.toDoubleVector());
    assertArrayEquals(new double[] {5, 6}, weights.toArray());
  }

  @Test
  void aCopyHasNumbersOfItsOwn() {
    Fp64Tensor tensor = filled(spec(2, 1, 2), 1);
    INDArray copy = Nd4jViews.copyOf(tensor);
    assertArrayEquals(new long[] {2, 1, 2}, copy.shape());
    tensor.region().set(0, -1);
    assertEquals(1, copy.getDouble(0, 0, 0));
  }

  @Test
  void anArrayOfTheOrderOfTensorsIsUsedWhereItStands() {
    INDArray array = counting(24).reshape(2, 3, 4);
    assertEquals(Optional.empty(), Nd4jViews.reasonToCopy(array));

    Fp64Tensor tensor = Nd4jViews.wrapped(rank, spec(2, 3, 4), array);

    assertEquals(RANK, tensor.owner());
    assertArrayEquals(array.ravel().toDoubleVector(), tensor.toArray());
    tensor.region().set(23, -1);
    assertEquals(-1, array.getDouble(1, 2, 3));
    array.putScalar(new int[] {0, 0, 1}, -2);
    assertEquals(-2, tensor.region().get(1));
    assertThrows(IndexOutOfBoundsException.class, () -> tensor.region().get(24));
  }

  @Test
  void aContiguousPartOfAnArrayIsUsedWhereItStandsAndSeenAsAViewAgain() {
    INDArray array = counting(60).reshape(5, 3, 4);
    INDArray part = array.get(NDArrayIndex.interval(2, 4));

    Fp64Tensor tensor = Nd4jViews.wrapped(rank, spec(2, 3, 4), part);
    assertEquals(24, tensor.region().get(0));
    tensor.region().set(1, -1);
    assertEquals(-1, array.getDouble(2, 0, 1));

    Fp64Tensor row = new Fp64Kernels(rank, new Fp64Constants()).rows(tensor, 1, 2);
    INDArray view = Nd4jViews.viewOf(row);
    assertArrayEquals(new long[] {1, 3, 4}, view.shape());
    assertEquals(36, view.getDouble(0, 0, 0));
    view.putScalar(new int[] {0, 2, 3}, -3);
    assertEquals(-3, array.getDouble(3, 2, 3));
  }

  @Test
  void aProductReadsAWrappedArrayThroughBlas() {
    INDArray array = counting(12).reshape(4, 3);
    Spec rows = Spec.of(DType.F64, Axis.BATCH, 2, Axis.HIDDEN, 3);
    Spec columns = Spec.of(DType.F64, Axis.INTERMEDIATE, 2, Axis.HIDDEN, 3);
    Fp64Tensor x = Nd4jViews.wrapped(rank, rows, array.get(NDArrayIndex.interval(0, 2)));
    Fp64Tensor w = Nd4jViews.wrapped(rank, columns, array.get(NDArrayIndex.interval(2, 4)));

    Fp64Tensor product = new Fp64Kernels(rank, new Fp64Constants()).linear(Phase.FFN, x, w);

    assertArrayEquals(new double[] {23, 32, 86, 122}, product.toArray());
  }

  @Test
  void stridedAndTransposedArraysAreCopiedAndNeverWrapped() {
    INDArray array = counting(24).reshape(4, 3, 2);
    List<INDArray> parts =
        List.of(
            array.permute(2, 1, 0),
            array.get(NDArrayIndex.interval(0, 2, 4), NDArrayIndex.all(), NDArrayIndex.all()),
            array.get(NDArrayIndex.all(), NDArrayIndex.interval(1, 3), NDArrayIndex.all()),
            array.get(NDArrayIndex.all(), NDArrayIndex.all(), NDArrayIndex.interval(1, 2)),
            array.dup('f'));
    for (INDArray part : parts) {
      Spec spec = spec((int) part.size(0), (int) part.size(1), (int) part.size(2));
      assertTrue(Nd4jViews.reasonToCopy(part).orElseThrow().startsWith("its strides ["));
      String refusal =
          assertThrows(IllegalArgumentException.class, () -> Nd4jViews.wrapped(rank, spec, part))
              .getMessage();
      assertTrue(refusal.contains("cannot be used without a copy: its strides ["), refusal);

      double[] copy = Nd4jViews.copied(rank, spec, part).toArray();
      int at = 0;
      for (int i = 0; i < part.size(0); i++) {
        for (int j = 0; j < part.size(1); j++) {
          for (int k = 0; k < part.size(2); k++) {
            assertEquals(part.getDouble(i, j, k), copy[at++]);
          }
        }
      }
    }
  }

  @Test
  void anAxisOfSizeOneHasAnyStride() {
    INDArray array = counting(6).reshape('f', 1, 6);
    Spec spec = Spec.of(DType.F64, Axis.BATCH, 1, Axis.HIDDEN, 6);
    assertArrayEquals(
        new double[] {0, 1, 2, 3, 4, 5}, Nd4jViews.wrapped(rank, spec, array).toArray());
  }

  @ParameterizedTest
  @EnumSource(names = {"FLOAT", "HALF", "BFLOAT16"})
  void narrowerNumbersAreConvertedExactlyAndNeverWrapped(DataType type) {
    double[] exact = {1.5, -0.375, 65_280, 0x1p-14, 0.0, 3};
    INDArray array = Nd4j.createFromArray(exact).reshape(2, 3).castTo(type);
    Spec spec = Spec.of(DType.F64, Axis.BATCH, 2, Axis.HIDDEN, 3);
    assertEquals(
        Optional.of("its type is " + type + ", not DOUBLE"), Nd4jViews.reasonToCopy(array));
    assertThrows(IllegalArgumentException.class, () -> Nd4jViews.wrapped(rank, spec, array));
    assertArrayEquals(exact, Nd4jViews.copied(rank, spec, array).toArray());
  }

  @Test
  void aFloatIsTheDoubleOfItsOwnValueAndNotOfItsDecimals() {
    INDArray array = Nd4j.createFromArray(0.1f, Float.MIN_VALUE, Float.NEGATIVE_INFINITY);
    Spec spec = Spec.of(DType.F64, Axis.HIDDEN, 3);
    assertArrayEquals(
        new double[] {0.1f, Float.MIN_VALUE, Double.NEGATIVE_INFINITY},
        Nd4jViews.copied(rank, spec, array).toArray());
  }

  @Test
  void integersAreRefused() {
    INDArray array = Nd4j.createFromArray(1L, 2L);
    Spec spec = Spec.of(DType.F64, Axis.HIDDEN, 2);
    assertEquals(
        "an array for f64[hidden=2]: expected type DOUBLE, FLOAT, HALF or BFLOAT16, got LONG",
        assertThrows(IllegalArgumentException.class, () -> Nd4jViews.copied(rank, spec, array))
            .getMessage());
  }

  @Test
  void anotherShapeIsRefused() {
    INDArray array = Nd4j.zeros(DataType.DOUBLE, 3, 2);
    Spec spec = Spec.of(DType.F64, Axis.BATCH, 2, Axis.HIDDEN, 3);
    String expected = "an array for f64[batch=2, hidden=3]: expected shape [2, 3], got [3, 2]";
    assertEquals(
        expected,
        assertThrows(IllegalArgumentException.class, () -> Nd4jViews.wrapped(rank, spec, array))
            .getMessage());
    assertEquals(
        expected,
        assertThrows(IllegalArgumentException.class, () -> Nd4jViews.copied(rank, spec, array))
            .getMessage());
  }

  @Test
  void axesOfSizeZeroPassBothWays() {
    Spec spec = spec(2, 0, 4);
    INDArray empty = Nd4jViews.viewOf(rank.allocate(spec));
    assertArrayEquals(new long[] {2, 0, 4}, empty.shape());
    assertArrayEquals(new long[] {2, 0, 4}, Nd4jViews.copyOf(rank.allocate(spec)).shape());
    assertEquals(Optional.empty(), Nd4jViews.reasonToCopy(empty));
    assertEquals(spec, Nd4jViews.wrapped(rank, spec, empty).spec());
    assertEquals(0, Nd4jViews.copied(rank, spec, empty).toArray().length);
  }

  @Test
  void aTensorWithoutAxesIsAScalar() {
    Spec spec = Spec.of(DType.F64);
    Fp64Tensor tensor = rank.allocate(spec);
    INDArray view = Nd4jViews.viewOf(tensor);
    view.assign(2.5);
    assertEquals(2.5, tensor.region().get(0));
    assertEquals(2.5, Nd4jViews.wrapped(rank, spec, view).region().get(0));
  }

  @Test
  void aLaunchOnAClosedArrayIsAnErrorAndNoRead() {
    INDArray array = Nd4j.ones(DataType.DOUBLE, 4, 3);
    Spec spec = Spec.of(DType.F64, Axis.BATCH, 2, Axis.HIDDEN, 3);
    INDArray part = array.get(NDArrayIndex.interval(2, 4));
    Fp64Tensor x = Nd4jViews.wrapped(rank, spec, part);
    Fp64Kernels kernels = new Fp64Kernels(rank, new Fp64Constants());
    assertEquals(2, kernels.add(Phase.NORM, x, x).region().get(5));

    array.close();

    assertThrows(IllegalStateException.class, () -> kernels.add(Phase.NORM, x, x));
    assertThrows(IllegalStateException.class, () -> kernels.toHost(x));
    assertThrows(IllegalStateException.class, () -> Nd4jViews.viewOf(x));
    assertThrows(IllegalArgumentException.class, () -> Nd4jViews.copied(rank, spec, part));
  }

  @Test
  void anArrayOfAWorkspaceIsCopied() {
    Spec spec = Spec.of(DType.F64, Axis.HIDDEN, 3);
    try (MemoryWorkspace scope =
        Nd4j.getWorkspaceManager().getAndActivateWorkspace("Nd4jViewsTest")) {
      INDArray array = Nd4j.ones(DataType.DOUBLE, 3);
      assertTrue(scope.isScopeActive() && array.isAttached());
      assertThrows(IllegalArgumentException.class, () -> Nd4jViews.wrapped(rank, spec, array));
      assertArrayEquals(new double[] {1, 1, 1}, Nd4jViews.copied(rank, spec, array).toArray());
    }
  }

  /** 0, 1, 2, … */
  private static INDArray counting(int length) {
    return Nd4j.createFromArray(IntStream.range(0, length).asDoubleStream().toArray());
  }

  private Fp64Tensor filled(Spec spec, double first) {
    Fp64Tensor tensor = rank.allocate(spec);
    for (long i = 0; i < spec.elements(); i++) {
      tensor.region().set(i, first + i);
    }
    return tensor;
  }

  private static Spec spec(int batch, int heads, int dim) {
    return Spec.of(
        DType.F64,
        new Dim(Axis.BATCH, batch),
        new Dim(Axis.HEADS, heads),
        new Dim(Axis.HEAD_DIM, dim));
  }
}
