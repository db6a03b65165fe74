package dev.helix.tests.benchmarks;

import dev.helix.attention.AttentionKernels;
import dev.helix.attention.KvView;
import dev.helix.attention.QueryToken;
import dev.helix.attention.ScoreRule;
import dev.helix.attention.cache.KvShard;
import dev.helix.attention.cache.PageForm;
import dev.helix.attention.exact.ExactAttentionKernels;
import dev.helix.attention.fp64.Fp64AttentionKernels;
import dev.helix.attention.placement.ContiguousPlacement;
import dev.helix.tensor.Axis;
import dev.helix.tensor.DType;
import dev.helix.tensor.Dim;
import dev.helix.tensor.Kernels;
import dev.helix.tensor.Spec;
import dev.helix.tensor.Tensor;
import dev.helix.tensor.WeightSlice;
import dev.helix.tensor.exact.ExactConstants;
import dev.helix.tensor.exact.ExactKernels;
import dev.helix.tensor.exact.ExactRank;
import dev.helix.tensor.fp64.Fp64Constants;
import dev.helix.tensor.fp64.Fp64Kernels;
import dev.helix.tensor.fp64.Fp64Rank;
import dev.helix.tensor.mesh.RankScope;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * One launch of decode attention of one layer: 8 query and 2 KV heads of 64 over 65,536 tokens, one
 * thread. The ratio of the two readings is the figure; the aim is 4, the limit 8.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(value = 1, jvmArgsAppend = "-Xmx2g")
@Warmup(iterations = 3, time = 3)
@Measurement(iterations = 5, time = 3)
public class ExactAttentionBenchmark {
  private static final int TOKENS = 65_536;
  private static final int STEP = 512;
  private static final int KV_HEADS = 2;
  private static final int DIM = 64;

  @Param({"fp64", "exact"})
  private String reading;

  private Supplier<Object> launch = () -> "not set up";

  @Setup
  public void fillCache() {
    if (reading.equals("fp64")) {
      Fp64Rank rank = new Fp64Rank(RankScope.alone(0));
      launch = launch(new Fp64Kernels(rank, new Fp64Constants()), new Fp64AttentionKernels(rank));
    } else {
      ExactRank rank = new ExactRank(RankScope.alone(0));
      launch =
          launch(new ExactKernels(rank, new ExactConstants()), new ExactAttentionKernels(rank));
    }
  }

  @Benchmark
  public Object flashDecode() {
    return launch.get();
  }

  private static <T extends Tensor> Supplier<Object> launch(
      Kernels<T> kernels, AttentionKernels<T> attention) {
    Random random = new Random(5);
    KvShard<T> cache =
        new KvShard<>(attention, 0, PageForm.keysAndValues(KV_HEADS, DIM, DType.F64));
    cache.open(0, new ContiguousPlacement(1, TOKENS), TOKENS);
    for (int from = 0; from < TOKENS; from += STEP) {
      List<QueryToken> step = new ArrayList<>();
      for (int i = 0; i < STEP; i++) {
        step.add(new QueryToken(0, from + i));
      }
      T keys = gaussian(kernels, "k" + from, STEP, new Dim(Axis.KV_HEADS, KV_HEADS), random);
      T values = gaussian(kernels, "v" + from, STEP, new Dim(Axis.KV_HEADS, KV_HEADS), random);
      attention.appendKv(keys, values, cache.take(step));
    }
    T queries = gaussian(kernels, "q", 1, new Dim(Axis.HEADS, 8), random);
    List<KvView<T>> views = cache.views(List.of(new QueryToken(0, TOKENS - 1)));
    return () -> attention.flashDecode(queries, views, ScoreRule.ofScale(0.125));
  }

  private static <T extends Tensor> T gaussian(
      Kernels<T> kernels, String name, int rows, Dim heads, Random random) {
    Spec spec = Spec.of(DType.F64, new Dim(Axis.BATCH, rows), heads, new Dim(Axis.HEAD_DIM, DIM));
    double[] numbers = random.doubles(spec.elements()).map(u -> random.nextGaussian()).toArray();
    return kernels.constant(spec, new WeightSlice(name, () -> numbers));
  }
}
