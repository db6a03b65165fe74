package dev.helix.tensor.exact;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.helix.tensor.Axis;
import dev.helix.tensor.DType;
import dev.helix.tensor.Spec;
import dev.helix.tensor.WeightSlice;
import dev.helix.tensor.exact.definition.LinearDefinition;
import dev.helix.tensor.mesh.RankScope;
import dev.helix.tensor.program.Phase;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** The exact kernels give the bits of {@link LinearDefinition}. */
class ExactLinearTest {
  private static final int IN = 12;
  private static final int OUT = 7;

  private final ExactRank rank = new ExactRank(RankScope.alone(0));
  private final ExactKernels kernels = new ExactKernels(rank, new ExactConstants());
  private final ExactWire wire = new ExactWire(rank);

  @Property(tries = 60, seed = "1")
  void eachRowOfABatchIsAsDefined(@ForAll long seed, @ForAll @IntRange(min = 1, max = 5) int rows) {
    double[] x = numbers(seed, rows * IN);
    double[] w = numbers(seed + 1, OUT * IN);
    double[] norm = numbers(seed + 2, IN);
    ExactTensor activations = rank.tensor(Spec.of(DType.F64, Axis.BATCH, rows, Axis.HIDDEN, IN), x);
    ExactTensor weight = constant("w", Spec.of(DType.F64, Axis.QKV, OUT, Axis.HIDDEN, IN), w);
    ExactTensor scale = constant("norm", Spec.of(DType.F64, Axis.HIDDEN, IN), norm);
    double[] projected = kernels.linear(Phase.FFN, activations, weight).values("test");
    double[] normed = kernels.rmsNorm(Phase.NORM, activations, scale, 1e-5).values("test");
    for (int row = 0; row < rows; row++) {
      double[] own = Arrays.copyOfRange(x, row * IN, (row + 1) * IN);
      assertArrayEquals(
          LinearDefinition.project(w, own),
          Arrays.copyOfRange(projected, row * OUT, (row + 1) * OUT));
      assertArrayEquals(
          LinearDefinition.rmsNorm(own, norm, 1e-5),
          Arrays.copyOfRange(normed, row * IN, (row + 1) * IN));
    }
  }

  @Property(tries = 60, seed = "2")
  void aRowParallelProjectionIsAsDefinedForEveryNumberOfRanks(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 3) int rows) {
    double[] x = numbers(seed, rows * IN);
    double[] w = numbers(seed + 1, OUT * IN);
    for (int ranks : new int[] {1, 2, 3, 4, 6, 12}) {
      List<ByteBuffer> partials = new ArrayList<>();
      for (int part = 0; part < ranks; part++) {
        partials.add(partial(x, w, rows, part, IN / ranks));
      }
      double[] sum =
          wire.sum(Spec.of(DType.F64, Axis.BATCH, rows, Axis.HIDDEN, OUT), partials).values("test");
      for (int row = 0; row < rows; row++) {
        double[] own = Arrays.copyOfRange(x, row * IN, (row + 1) * IN);
        assertArrayEquals(
            LinearDefinition.projectExactly(w, own),
            Arrays.copyOfRange(sum, row * OUT, (row + 1) * OUT),
            ranks + " ranks");
      }
    }
  }

  @Example
  void aResultThatIsNoNumberIsAnErrorThatNamesTheOperation() {
    Spec spec = Spec.of(DType.F64, Axis.BATCH, 1, Axis.HIDDEN, 1);
    ExactTensor huge = rank.tensor(spec, new double[] {Double.MAX_VALUE});
    ExactRangeException thrown =
        assertThrows(ExactRangeException.class, () -> kernels.add(Phase.NORM, huge, huge));
    assertEquals(
        "add on rank 0 gave Infinity, which the exact reading has no bits for",
        thrown.getMessage());
  }

  /** One rank's partial sums of a projection, on the wire. */
  private ByteBuffer partial(double[] x, double[] w, int rows, int part, int width) {
    double[] ownX = columns(x, rows, part, width);
    double[] ownW = columns(w, OUT, part, width);
    ExactTensor activations =
        rank.tensor(Spec.of(DType.F64, Axis.BATCH, rows, Axis.INTERMEDIATE, width), ownX);
    Spec spec = Spec.of(DType.F64, Axis.HIDDEN, OUT, Axis.INTERMEDIATE, width);
    ExactTensor weight = constant("w" + part + "/" + width, spec, ownW);
    return wire.encode(kernels.partialLinear(Phase.FFN, activations, weight), Axis.BATCH, 0, rows);
  }

  private static double[] columns(double[] matrix, int rows, int part, int width) {
    double[] columns = new double[rows * width];
    for (int row = 0; row < rows; row++) {
      System.arraycopy(matrix, row * IN + part * width, columns, row * width, width);
    }
    return columns;
  }

  private ExactTensor constant(String name, Spec spec, double[] values) {
    return new ExactKernels(rank, new ExactConstants())
        .constant(spec, new WeightSlice(name, () -> values));
  }

  private static double[] numbers(long seed, int count) {
    HardDoubles hard = new HardDoubles(seed);
    double[] numbers = new double[count];
    Arrays.setAll(numbers, i -> hard.anyExponent(-30, 8));
    return numbers;
  }
}
