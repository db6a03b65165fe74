package dev.helix.tests.benchmarks;

import dev.helix.tensor.exact.ExactSums;
import dev.helix.tensor.exact.ProductBins;
import dev.helix.tensor.exact.ValueRange;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Ways to add p·v over tokens for all components of a value, in nanoseconds a product. The first
 * three give the exact sum; the last is what rounding costs, for comparison.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@OperationsPerInvocation(ExactAccumulationBenchmark.TOKENS * ExactAccumulationBenchmark.COMPONENTS)
public class ExactAccumulationBenchmark {
  static final int TOKENS = 1024;
  static final int COMPONENTS = 64;

  private final double[] weights = new double[TOKENS];
  private final int[] exponents = new int[TOKENS];
  private final double[][] values = new double[TOKENS][COMPONENTS];
  private final ValueRange[] ranges = new ValueRange[TOKENS];

  @Setup
  public void fill() {
    SplittableRandom random = new SplittableRandom(1);
    for (int j = 0; j < TOKENS; j++) {
      weights[j] = random.nextDouble(0.7, 1.4);
      exponents[j] = random.nextInt(-9, 1);
      for (int i = 0; i < COMPONENTS; i++) {
        values[j][i] = random.nextDouble(-2, 2);
      }
      ranges[j] = ValueRange.of("a value", values[j], 0, COMPONENTS);
    }
  }

  /** The one in the product. */
  @Benchmark
  public Object preRoundedBins() {
    ExactSums sums = new ExactSums(COMPONENTS);
    ProductBins bins = new ProductBins(sums);
    for (int j = 0; j < TOKENS; j++) {
      bins.add(weights[j], exponents[j], values[j], ranges[j]);
    }
    bins.flush();
    return sums;
  }

  /** A small superaccumulator, digit by digit: in the product where the bins do not reach. */
  @Benchmark
  public Object superaccumulator() {
    ExactSums sums = new ExactSums(COMPONENTS);
    for (int j = 0; j < TOKENS; j++) {
      sums.addProducts(weights[j], values[j], exponents[j]);
    }
    return sums;
  }

  /**
   * Error-free slices (Ozaki): weights and values cut into four slices of 20 bits at common
   * exponents, each pair of slices one fused multiply-add into an accumulator of its order. Exact
   * for these numbers, of 80 bits together; a wider range of exponents would take more slices.
   */
  @Benchmark
  public Object slices() {
    double[][] orders = new double[7][COMPONENTS];
    double[][] slices = new double[4][COMPONENTS];
    double[] weight = new double[4];
    ExactSums sums = new ExactSums(COMPONENTS);
    for (int j = 0; j < TOKENS; j++) {
      double rest = Math.scalb(weights[j], exponents[j]);
      for (int s = 0; s < 4; s++) {
        double middle = 0x1.8p52 * Math.scalb(1.0, 1 - 20 * (s + 1));
        weight[s] = rest + middle - middle;
        rest -= weight[s];
      }
      cut(values[j], slices);
      for (int s = 0; s < 4; s++) {
        multiply(weight[s], slices[0], slices[1], slices[2], slices[3], orders, s);
      }
    }
    for (double[] order : orders) {
      for (int i = 0; i < COMPONENTS; i++) {
        sums.add(i, order[i], 0);
      }
    }
    return sums;
  }

  private static void cut(double[] values, double[][] slices) {
    double[] first = slices[0];
    double[] second = slices[1];
    double[] third = slices[2];
    double[] fourth = slices[3];
    for (int i = 0; i < values.length; i++) {
      double rest = values[i];
      double slice = rest + 0x1.8p34 - 0x1.8p34;
      first[i] = slice;
      rest -= slice;
      slice = rest + 0x1.8p14 - 0x1.8p14;
      second[i] = slice;
      rest -= slice;
      slice = rest + 0x1.8p-6 - 0x1.8p-6;
      third[i] = slice;
      fourth[i] = rest - slice;
    }
  }

  private static void multiply(
      double weight,
      double[] first,
      double[] second,
      double[] third,
      double[] fourth,
      double[][] orders,
      int from) {
    double[] order0 = orders[from];
    double[] order1 = orders[from + 1];
    double[] order2 = orders[from + 2];
    double[] order3 = orders[from + 3];
    for (int i = 0; i < first.length; i++) {
      order0[i] = Math.fma(weight, first[i], order0[i]);
      order1[i] = Math.fma(weight, second[i], order1[i]);
      order2[i] = Math.fma(weight, third[i], order2[i]);
      order3[i] = Math.fma(weight, fourth[i], order3[i]);
    }
  }

  /** No accumulator at all: each addition rounds. */
  @Benchmark
  public double[] roundedAdditions() {
    double[] sums = new double[COMPONENTS];
    for (int j = 0; j < TOKENS; j++) {
      double weight = Math.scalb(weights[j], exponents[j]);
      double[] value = values[j];
      for (int i = 0; i < COMPONENTS; i++) {
        sums[i] = Math.fma(weight, value[i], sums[i]);
      }
    }
    return sums;
  }
}
