package dev.helix.tensor.scalar;

import static dev.helix.tensor.Axis.BATCH;
import static dev.helix.tensor.Axis.HIDDEN;
import static dev.helix.tensor.Axis.INTERMEDIATE;
import static dev.helix.tensor.Axis.VOCABULARY;
import static dev.helix.tensor.DType.BF16;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.helix.tensor.Spec;
import dev.helix.tensor.WeightSlice;
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
import net.jqwik.api.lifecycle.BeforeTry;

/** What the counting arithmetic counts is the closed form, exactly. */
final class KernelCountsTest {
  private RankScope scope;
  private CountingArithmetic arithmetic;
  private ScalarRank<Double> rank;
  private ScalarKernels<Double> kernels;

  /** All tries of a property share the instance. */
  @BeforeTry
  void countFromZero() {
    scope = RankScope.alone(0);
    arithmetic = new CountingArithmetic(scope);
    rank = new ScalarRank<>(scope, arithmetic);
    kernels = new ScalarKernels<>(rank, new ScalarConstants<>());
  }

  @Property(tries = 30, seed = "21")
  void aProductIsTwoFlopsForEachOfItsTerms(
      @ForAll @IntRange(max = 6) int m,
      @ForAll @IntRange(max = 6) int n,
      @ForAll @IntRange(max = 6) int k) {
    ScalarTensor<Double> x = ones(Spec.of(BF16, BATCH, m, HIDDEN, k));
    ScalarTensor<Double> weight = ones(Spec.of(BF16, INTERMEDIATE, n, HIDDEN, k));
    kernels.linear(Phase.FFN, x, weight);
    kernels.partialLinear(Phase.FFN, x, weight);
    kernels.partialLinear(Phase.FFN, x, weight);
    long terms = (long) m * n * k;
    assertEquals(new OperationCounts(terms, terms, 0, 0, 0, 0, 0), arithmetic.counts("linear"));
    assertEquals(2 * terms, arithmetic.counts("linear").flops());
    assertEquals(
        new OperationCounts(2 * terms, 2 * terms, 0, 0, 0, 0, 0),
        arithmetic.counts("partialLinear"));
  }

  @Property(tries = 30, seed = "22")
  void aNormIsOneRootARow(
      @ForAll @IntRange(max = 6) int rows, @ForAll @IntRange(min = 1, max = 6) int hidden) {
    kernels.rmsNorm(
        Phase.NORM,
        ones(Spec.of(BF16, BATCH, rows, HIDDEN, hidden)),
        ones(Spec.of(BF16, HIDDEN, hidden)),
        1e-5);
    long all = (long) rows * hidden;
    assertEquals(
        new OperationCounts(all + rows, 2 * all, all + rows, rows, 0, 0, 0),
        arithmetic.counts("rmsNorm"));
  }

  @Example
  void aResidualConnectionIsOneAdditionForEachElement() {
    ScalarTensor<Double> x = ones(Spec.of(BF16, BATCH, 3, HIDDEN, 5));
    kernels.add(Phase.NORM, x, x);
    assertEquals(new OperationCounts(15, 0, 0, 0, 0, 0, 0), arithmetic.counts("add"));
  }

  @Example
  void aSumOverTheWireIsCountedWhereItIsAdded() {
    Spec spec = Spec.of(BF16, HIDDEN, 5);
    ScalarWire<Double> wire = new ScalarWire<>(rank);
    List<ByteBuffer> parts = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      parts.add(wire.encode(ones(spec), HIDDEN, 0, 5));
    }
    scope.launch("allReduce");
    ScalarTensor<Double> sum = wire.sum(spec, parts);
    assertEquals(4.0, sum.get(2));
    assertEquals(new OperationCounts(15, 0, 0, 0, 0, 0, 0), arithmetic.counts("allReduce"));
  }

  @Example
  void copiesAndConversionsAreNotCounted() {
    ScalarTensor<Double> x =
        kernels.embed(ones(Spec.of(BF16, VOCABULARY, 3, HIDDEN, 5)), new int[] {0, 2});
    double[] host = kernels.toHost(kernels.selectRows(Phase.DISPATCH, x, new int[] {1}));
    assertEquals(5, host.length);
    assertEquals(List.of(), List.copyOf(arithmetic.counts().keySet()));
  }

  private ScalarTensor<Double> ones(Spec spec) {
    double[] ones = new double[(int) spec.elements()];
    Arrays.fill(ones, 1.0);
    return kernels.constant(spec, new WeightSlice("ones" + spec, () -> ones));
  }
}
