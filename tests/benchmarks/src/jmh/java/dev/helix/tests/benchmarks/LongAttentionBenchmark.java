package dev.helix.tests.benchmarks;

import dev.helix.attention.KvPage;
import dev.helix.attention.KvView;
import dev.helix.attention.ScoreRule;
import dev.helix.attention.fp64.Fp64AttentionKernels;
import dev.helix.tensor.Axis;
import dev.helix.tensor.DType;
import dev.helix.tensor.Dim;
import dev.helix.tensor.Spec;
import dev.helix.tensor.fp64.Fp64Rank;
import dev.helix.tensor.fp64.Fp64Tensor;
import dev.helix.tensor.mesh.RankScope;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
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
 * One launch of decode attention of the {@code fp64} reading over one KV head and a million tokens,
 * on all processors. The rival is {@code blocked_softmax.py} beside it, which does the same in
 * NumPy; keys and values are read once, so that bytes over time is a share of the machine's
 * bandwidth. At 128 components it takes 2.1 GB of memory, off the Java heap.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(value = 1, jvmArgsAppend = "-Xmx1g")
@Warmup(iterations = 2, time = 5)
@Measurement(iterations = 3, time = 5)
public class LongAttentionBenchmark {
  private static final int SLOTS = 1024;
  private static final int REPEATED = 1 << 17;

  @Param("1048576")
  private int tokens;

  @Param({"4", "8", "16"})
  private int heads;

  @Param({"64", "128"})
  private int dim;

  private final double[] numbers = new Random(5).doubles(REPEATED, -1, 1).toArray();
  private final Fp64Rank rank = new Fp64Rank(RankScope.alone(0));
  private final Fp64AttentionKernels kernels = new Fp64AttentionKernels(rank);
  private final List<KvView<Fp64Tensor>> views = new ArrayList<>();
  private final List<Fp64Tensor> queries = new ArrayList<>();

  @Setup
  public void fillCache() {
    List<KvPage<Fp64Tensor>> pages = new ArrayList<>();
    for (int from = 0; from < tokens; from += SLOTS) {
      pages.add(new KvPage<>(page(from), page(from + 1)));
    }
    views.add(new KvView<>(pages, tokens));
    queries.add(filled(new Dim(Axis.BATCH, 1), new Dim(Axis.HEADS, heads), 0));
  }

  @Benchmark
  public Object flashDecode() {
    return kernels.flashDecode(queries.get(0), views, ScoreRule.ofScale(1 / Math.sqrt(dim)));
  }

  private Fp64Tensor page(int first) {
    return filled(new Dim(Axis.KV_HEADS, 1), new Dim(Axis.SLOTS, SLOTS), first);
  }

  private Fp64Tensor filled(Dim outer, Dim rows, int first) {
    Fp64Tensor tensor = rank.allocate(Spec.of(DType.F64, outer, rows, new Dim(Axis.HEAD_DIM, dim)));
    for (int i = 0; i < tensor.spec().elements(); i++) {
      tensor.region().set(i, numbers[(first + i) % REPEATED]);
    }
    return tensor;
  }
}
