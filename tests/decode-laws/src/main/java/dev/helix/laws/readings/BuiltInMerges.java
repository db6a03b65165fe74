package dev.helix.laws.readings;

import dev.helix.attention.AttentionKernels;
import dev.helix.attention.KvPage;
import dev.helix.attention.KvView;
import dev.helix.attention.PartialAttention;
import dev.helix.attention.ScoreRule;
import dev.helix.attention.convention.Convention;
import dev.helix.attention.convention.LogBase;
import dev.helix.attention.convention.Precision;
import dev.helix.attention.exact.ExactAttentionKernels;
import dev.helix.attention.fp64.Fp64AttentionKernels;
import dev.helix.attention.scalar.ScalarAttentionKernels;
import dev.helix.laws.Law;
import dev.helix.laws.merge.AlgebraMerge;
import dev.helix.laws.merge.Declaration;
import dev.helix.laws.merge.MergeUnderTest;
import dev.helix.laws.merge.states.Partial;
import dev.helix.laws.merge.states.PartialStack;
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
import dev.helix.tensor.exact.ExactTensor;
import dev.helix.tensor.exact.ExactWire;
import dev.helix.tensor.fp64.Fp64Constants;
import dev.helix.tensor.fp64.Fp64Kernels;
import dev.helix.tensor.fp64.Fp64Rank;
import dev.helix.tensor.mesh.RankScope;
import dev.helix.tensor.scalar.Arithmetic;
import dev.helix.tensor.scalar.CountingArithmetic;
import dev.helix.tensor.scalar.RoundedArithmetic;
import dev.helix.tensor.scalar.ScalarConstants;
import dev.helix.tensor.scalar.ScalarKernels;
import dev.helix.tensor.scalar.ScalarRank;
import dev.helix.tensor.scalar.ScalarTensor;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;

/** This project's own merges as adapters: the algebra, and the readings' {@code mergeByLse}. */
public final class BuiltInMerges {
  private BuiltInMerges() {}

  /** All built-in merges, by name. */
  public static Map<String, MergeUnderTest> all() {
    Map<String, MergeUnderTest> merges = new LinkedHashMap<>();
    merges.put("algebra", AlgebraMerge.of(LogBase.E));
    merges.put("algebra base 2", AlgebraMerge.of(LogBase.TWO));
    merges.put("algebra pairs", AlgebraMerge.ofPairs());
    merges.put("fp64", fp64());
    merges.put("exact", exact());
    merges.put("scalar", scalar());
    merges.put("scalar fp32", scalarFp32());
    return merges;
  }

  /** The {@code fp64} reading's merge. */
  public static MergeUnderTest fp64() {
    return byLse(
        Precision.FP64,
        () -> {
          Fp64Rank rank = new Fp64Rank(RankScope.alone(0));
          return new Run<>(
              new Fp64Kernels(rank, new Fp64Constants()), new Fp64AttentionKernels(rank));
        });
  }

  /** The {@code counting} reading's merge. */
  public static MergeUnderTest scalar() {
    return byLse(Precision.FP64, () -> scalarRun(CountingArithmetic::new));
  }

  /** The scalar kernels in single precision, every operation rounded. */
  public static MergeUnderTest scalarFp32() {
    return byLse(Precision.FP32, () -> scalarRun(scope -> new RoundedArithmetic(DType.F32)));
  }

  private static Run<ScalarTensor<Double>> scalarRun(
      Function<RankScope, Arithmetic<Double>> arithmetic) {
    RankScope scope = RankScope.alone(0);
    ScalarRank<Double> rank = new ScalarRank<>(scope, arithmetic.apply(scope));
    return new Run<>(
        new ScalarKernels<>(rank, new ScalarConstants<>()), new ScalarAttentionKernels<>(rank));
  }

  /** A reading's kernels; new ones for each merge, so that no constants pile up. */
  private record Run<T extends Tensor>(Kernels<T> kernels, AttentionKernels<T> attention) {
    T tensor(String name, double[] numbers, Dim... dims) {
      return kernels.constant(Spec.of(DType.F64, dims), new WeightSlice(name, () -> numbers));
    }
  }

  private static <T extends Tensor> MergeUnderTest byLse(
      Precision precision, Supplier<Run<T>> runs) {
    return MergeUnderTest.of(
        Declaration.of(Convention.of(precision)).withoutLse().inBits(Law.OWNERSHIP, Law.ONE_RANK),
        stack -> {
          Run<T> run = runs.get();
          Dim shards = new Dim(Axis.SHARDS, stack.shards());
          Dim tokens = new Dim(Axis.BATCH, stack.tokens());
          Dim heads = new Dim(Axis.HEADS, stack.heads());
          Dim dim = new Dim(Axis.HEAD_DIM, stack.dim());
          T outputs = run.tensor("outputs", stack.outputs(), shards, tokens, heads, dim);
          T lses = run.tensor("lses", stack.lses(), shards, tokens, heads);
          return new Partial(
              run.kernels()
                  .toHost(run.attention().mergeByLse(new PartialAttention<>(outputs, lses))));
        });
  }

  /**
   * The {@code exact} reading's merge. Its states are exact sums, which only its own partial
   * attention makes: each part becomes a cache of one token, whose score is the part's LSE and
   * whose value is its output.
   */
  public static MergeUnderTest exact() {
    return MergeUnderTest.of(
        Declaration.of(Convention.of(Precision.FP64))
            .withoutLse()
            .inBits(Law.COMMUTATIVE, Law.OWNERSHIP, Law.ONE_RANK),
        BuiltInMerges::exact);
  }

  private static Partial exact(PartialStack stack) {
    ExactRank rank = new ExactRank(RankScope.alone(0));
    ExactAttentionKernels attention = new ExactAttentionKernels(rank);
    ExactKernels kernels = new ExactKernels(rank, new ExactConstants());
    ExactWire wire = new ExactWire(rank);
    int rows = stack.tokens() * stack.heads();
    int dim = stack.dim();
    Spec spec =
        Spec.of(
            DType.F64,
            new Dim(Axis.BATCH, rows),
            new Dim(Axis.HEADS, 1),
            new Dim(Axis.HEAD_DIM, dim));
    double[] ones = new double[rows * dim];
    for (int row = 0; row < rows; row++) {
      ones[row * dim] = 1;
    }
    ExactTensor queries = rank.tensor(spec, ones);
    List<ByteBuffer> outputs = new ArrayList<>();
    List<ByteBuffer> lses = new ArrayList<>();
    for (int shard = 0; shard < stack.shards(); shard++) {
      PartialAttention<ExactTensor> part =
          attention.flashDecode(queries, views(rank, stack, shard), ScoreRule.ofScale(1));
      outputs.add(wire.encode(part.output(), Axis.BATCH, 0, rows));
      lses.add(wire.encode(part.lse(), Axis.BATCH, 0, rows));
    }
    Spec lse = new Spec(DType.F64, spec.dims().subList(0, 2));
    PartialAttention<ExactTensor> parts =
        new PartialAttention<>(
            wire.decode(spec.stacked(Axis.SHARDS, stack.shards()), Axis.SHARDS, outputs),
            wire.decode(lse.stacked(Axis.SHARDS, stack.shards()), Axis.SHARDS, lses));
    return new Partial(kernels.toHost(attention.mergeByLse(parts)));
  }

  /** Gives each row a page of one token, which it sees if the shard has tokens of the row. */
  private static List<KvView<ExactTensor>> views(ExactRank rank, PartialStack stack, int shard) {
    int rows = stack.tokens() * stack.heads();
    int dim = stack.dim();
    double[] outputs = stack.outputs();
    double[] lses = stack.lses();
    Spec page =
        Spec.of(
            DType.F64,
            new Dim(Axis.KV_HEADS, 1),
            new Dim(Axis.SLOTS, 1),
            new Dim(Axis.HEAD_DIM, dim));
    List<KvView<ExactTensor>> views = new ArrayList<>();
    for (int row = 0; row < rows; row++) {
      int at = shard * rows + row;
      double[] key = new double[dim];
      key[0] = lses[at];
      double[] value = Arrays.copyOfRange(outputs, at * dim, (at + 1) * dim);
      int length = lses[at] == Double.NEGATIVE_INFINITY ? 0 : 1;
      views.add(
          new KvView<>(
              List.of(new KvPage<>(rank.tensor(page, key), rank.tensor(page, value))), length));
    }
    return views;
  }
}
