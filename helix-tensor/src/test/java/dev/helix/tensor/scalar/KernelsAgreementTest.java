package dev.helix.tensor.scalar;

import static dev.helix.tensor.Axis.BATCH;
import static dev.helix.tensor.Axis.HIDDEN;
import static dev.helix.tensor.Axis.INTERMEDIATE;
import static dev.helix.tensor.DType.BF16;
import static dev.helix.tensor.compare.Rounding.SLACK;
import static dev.helix.tensor.compare.Rounding.UNDERFLOW;
import static dev.helix.tensor.compare.Rounding.gamma;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.helix.tensor.Kernels;
import dev.helix.tensor.Spec;
import dev.helix.tensor.compare.ErrorAccumulator;
import dev.helix.tensor.compare.LinearErrorBound;
import dev.helix.tensor.fp64.Fp64Tensor;
import dev.helix.tensor.program.Phase;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.Function;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/**
 * The fp64 and the counting kernels, written apart, agree within what rounding can do to each;
 * {@link dev.helix.tensor.compare.Rounding} has the model. What is exact is in {@link
 * KernelsContract}.
 */
final class KernelsAgreementTest {
  private final Run<Fp64Tensor> fp64 = Run.fp64();
  private final Run<ScalarTensor<Double>> counting = Run.counting();

  /** 2γₙ|W||x|, for sums of n products in any order. */
  @Property(tries = 100, seed = "11", edgeCases = EdgeCasesMode.NONE)
  void productsAgree(
      @ForAll @IntRange(min = 1, max = 5) int rows,
      @ForAll @IntRange(min = 1, max = 40) int inner,
      @ForAll @IntRange(min = 1, max = 20) int out,
      @ForAll long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    double[] x = Run.numbers(random, rows * inner);
    double[] weight = Run.numbers(random, out * inner);
    double[] bound = new double[rows * out];
    for (int row = 0; row < rows; row++) {
      double[] own = Arrays.copyOfRange(x, row * inner, (row + 1) * inner);
      double[] ofRow = LinearErrorBound.of(weight, own, new double[inner]);
      System.arraycopy(ofRow, 0, bound, row * out, out);
    }
    Spec xSpec = Spec.of(BF16, BATCH, rows, HIDDEN, inner);
    Spec weightSpec = Spec.of(BF16, INTERMEDIATE, out, HIDDEN, inner);
    Fp64Tensor[] a = {fp64.tensor(xSpec, x), fp64.tensor(weightSpec, weight)};
    ScalarTensor<Double> b = counting.tensor(xSpec, x);
    ScalarTensor<Double> bWeight = counting.tensor(weightSpec, weight);

    assertAgree(k -> k.linear(Phase.FFN, a[0], a[1]), k -> k.linear(Phase.FFN, b, bWeight), bound);
    assertAgree(
        k -> k.partialLinear(Phase.FFN, a[0], a[1]),
        k -> k.partialLinear(Phase.FFN, b, bWeight),
        bound);
  }

  /**
   * 2γ_{h+5}|y|: the squares are positive, so their sum is within γ_{h+1} of its value; mean, ε,
   * root, quotient and product add a rounding each, and the root halves what came before. One is
   * spare.
   */
  @Property(tries = 100, seed = "12", edgeCases = EdgeCasesMode.NONE)
  void normsAgree(
      @ForAll @IntRange(min = 1, max = 5) int rows,
      @ForAll @IntRange(min = 1, max = 40) int hidden,
      @ForAll @IntRange(max = 3) int epsilonDigits,
      @ForAll long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    double epsilon = epsilonDigits == 0 ? 0 : Math.pow(10, -2 * epsilonDigits);
    double[] x = Run.numbers(random, rows * hidden);
    double[] weight = Run.numbers(random, hidden);
    Spec xSpec = Spec.of(BF16, BATCH, rows, HIDDEN, hidden);
    Spec weightSpec = Spec.of(BF16, HIDDEN, hidden);
    double[] bound = new double[x.length];
    for (int row = 0; row < rows; row++) {
      double squares = 0;
      for (int i = 0; i < hidden; i++) {
        squares += x[row * hidden + i] * x[row * hidden + i];
      }
      double rms = Math.sqrt(squares / hidden + epsilon);
      for (int i = 0; i < hidden; i++) {
        double normed = Math.abs(x[row * hidden + i] / rms * weight[i]);
        bound[row * hidden + i] = SLACK * 2 * gamma(hidden + 5) * normed + 2 * UNDERFLOW;
      }
    }
    assertAgree(
        k -> k.rmsNorm(Phase.NORM, fp64.tensor(xSpec, x), fp64.tensor(weightSpec, weight), epsilon),
        k ->
            k.rmsNorm(
                Phase.NORM,
                counting.tensor(xSpec, x),
                counting.tensor(weightSpec, weight),
                epsilon),
        bound);
  }

  /** Bound 0: one rounding, the same in both. */
  @Property(tries = 30, seed = "13")
  void sumsAgree(@ForAll @IntRange(min = 1, max = 40) int hidden, @ForAll long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    double[] x = Run.numbers(random, hidden);
    double[] y = Run.numbers(random, hidden);
    Spec spec = Spec.of(BF16, BATCH, 1, HIDDEN, hidden);
    assertAgree(
        k -> k.add(Phase.NORM, fp64.tensor(spec, x), fp64.tensor(spec, y)),
        k -> k.add(Phase.NORM, counting.tensor(spec, x), counting.tensor(spec, y)),
        new double[hidden]);
  }

  private void assertAgree(
      Function<Kernels<Fp64Tensor>, Fp64Tensor> first,
      Function<Kernels<ScalarTensor<Double>>, ScalarTensor<Double>> second,
      double[] bound) {
    ErrorAccumulator errors = new ErrorAccumulator();
    errors.addAll(
        fp64.host(first.apply(fp64.kernels().apply(0))),
        counting.host(second.apply(counting.kernels().apply(0))),
        bound);
    assertTrue(errors.report().passed(), () -> errors.report().toString());
  }
}
