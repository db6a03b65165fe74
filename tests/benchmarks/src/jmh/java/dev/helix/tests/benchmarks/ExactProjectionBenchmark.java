package dev.helix.tests.benchmarks;

import dev.helix.tensor.Axis;
import dev.helix.tensor.DType;
import dev.helix.tensor.Spec;
import dev.helix.tensor.WeightSlice;
import dev.helix.tensor.exact.ExactConstants;
import dev.helix.tensor.exact.ExactKernels;
import dev.helix.tensor.exact.ExactRank;
import dev.helix.tensor.exact.ExactTensor;
import dev.helix.tensor.mesh.RankScope;
import dev.helix.tensor.program.Phase;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The exact projection of one row by a weight {@code [128, 384]}, in nanoseconds a product: weights
 * of 8 bits, as BF16 stores them, go by slices; of 53 bits, by pre-rounded bins.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@OperationsPerInvocation(ExactProjectionBenchmark.OUT * ExactProjectionBenchmark.IN)
public class ExactProjectionBenchmark {
  static final int OUT = 128;
  static final int IN = 384;

  @Param({"BF16", "F64"})
  private DType stored;

  private ExactKernels kernels;
  private ExactTensor row;
  private ExactTensor weight;

  @Setup
  public void fill() {
    SplittableRandom random = new SplittableRandom(1);
    ExactRank rank = new ExactRank(RankScope.alone(0));
    kernels = new ExactKernels(rank, new ExactConstants());
    row =
        rank.tensor(
            Spec.of(DType.F64, Axis.BATCH, 1, Axis.INTERMEDIATE, IN),
            random.doubles(IN, -2, 2).toArray());
    double[] weights = random.doubles((long) OUT * IN, -1, 1).map(stored::round).toArray();
    weight =
        kernels.constant(
            Spec.of(stored, Axis.HIDDEN, OUT, Axis.INTERMEDIATE, IN),
            new WeightSlice("w", () -> weights));
  }

  @Benchmark
  public Object partialLinear() {
    return kernels.partialLinear(Phase.FFN, row, weight);
  }
}
