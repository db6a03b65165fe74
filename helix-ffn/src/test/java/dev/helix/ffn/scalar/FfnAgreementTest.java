package dev.helix.ffn.scalar;

import static dev.helix.tensor.compare.Rounding.SLACK;
import static dev.helix.tensor.compare.Rounding.UNDERFLOW;
import static dev.helix.tensor.compare.Rounding.gamma;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.helix.tensor.Spec;
import dev.helix.tensor.compare.ErrorAccumulator;
import dev.helix.tensor.fp64.Fp64Tensor;
import dev.helix.tensor.mesh.RankScope;
import dev.helix.tensor.scalar.CountingArithmetic;
import dev.helix.tensor.scalar.OperationCounts;
import dev.helix.tensor.scalar.ScalarTensor;
import java.util.SplittableRandom;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** The fp64 and the counting FFN kernels agree, and what is counted is the closed form. */
final class FfnAgreementTest {
  /**
   * 2γ₅|y|: an exponential within one ulp, that is two roundings, a sum of positive terms, a
   * quotient and a product. Beyond ±700 the exponential overflows or is lost, in both alike.
   */
  @Property(tries = 100, seed = "61", edgeCases = EdgeCasesMode.NONE)
  void activationsAgree(
      @ForAll @IntRange(min = 1, max = 4) int rows,
      @ForAll @IntRange(min = 1, max = 9) int width,
      @ForAll @IntRange(max = 2) int size,
      @ForAll long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    double amplitude = new double[] {1, 30, 700}[size];
    double[] gateUp = random.doubles(2L * rows * width, -amplitude, amplitude).toArray();
    Spec spec = Run.gateUp(rows, 2 * width);
    Run<Fp64Tensor> fp64 = Run.fp64(0);
    Run<ScalarTensor<Double>> counting = Run.counting(0);
    double[] a = fp64.host(fp64.ffn().swiGlu(fp64.tensor(spec, gateUp)));
    double[] b = counting.host(counting.ffn().swiGlu(counting.tensor(spec, gateUp)));
    ErrorAccumulator errors = new ErrorAccumulator();
    for (int i = 0; i < a.length; i++) {
      errors.add(a[i], b[i], SLACK * 2 * gamma(5) * Math.abs(b[i]) + UNDERFLOW);
    }
    assertTrue(errors.report().passed(), () -> errors.report().toString());
  }

  @Property(tries = 20, seed = "62")
  void anActivationIsOneExponentialForEachElement(
      @ForAll @IntRange(max = 4) int rows, @ForAll @IntRange(max = 9) int width) {
    RankScope scope = RankScope.alone(0);
    CountingArithmetic arithmetic = new CountingArithmetic(scope);
    Run<ScalarTensor<Double>> run = Run.scalar(scope, arithmetic);
    run.ffn().swiGlu(run.tensor(Run.gateUp(rows, 2 * width), new double[2 * rows * width]));
    long all = (long) rows * width;
    assertEquals(new OperationCounts(all, all, all, 0, all, 0, 0), arithmetic.counts("swiGlu"));
  }
}
