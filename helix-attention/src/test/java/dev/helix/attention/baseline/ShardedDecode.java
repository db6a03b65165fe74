package dev.helix.attention.baseline;

import dev.helix.attention.AttentionKernels;
import dev.helix.attention.AttentionShape;
import dev.helix.attention.PartialAttention;
import dev.helix.attention.QueryToken;
import dev.helix.attention.ScoreRule;
import dev.helix.attention.cache.KvShard;
import dev.helix.attention.cache.PageForm;
import dev.helix.attention.exact.ExactAttentionKernels;
import dev.helix.attention.fp64.Fp64AttentionKernels;
import dev.helix.attention.helix.AttentionSharding;
import dev.helix.attention.placement.KvPlacement;
import dev.helix.attention.scalar.ScalarAttentionKernels;
import dev.helix.tensor.Axis;
import dev.helix.tensor.DType;
import dev.helix.tensor.Dim;
import dev.helix.tensor.Kernels;
import dev.helix.tensor.Spec;
import dev.helix.tensor.Tensor;
import dev.helix.tensor.WeightSlice;
import dev.helix.tensor.Wire;
import dev.helix.tensor.exact.ExactConstants;
import dev.helix.tensor.exact.ExactKernels;
import dev.helix.tensor.exact.ExactRank;
import dev.helix.tensor.exact.ExactTensor;
import dev.helix.tensor.exact.ExactWire;
import dev.helix.tensor.fp64.Fp64Constants;
import dev.helix.tensor.fp64.Fp64Kernels;
import dev.helix.tensor.fp64.Fp64Rank;
import dev.helix.tensor.fp64.Fp64Tensor;
import dev.helix.tensor.fp64.Fp64Wire;
import dev.helix.tensor.mesh.Layout;
import dev.helix.tensor.mesh.RankScope;
import dev.helix.tensor.scalar.CountingArithmetic;
import dev.helix.tensor.scalar.ScalarConstants;
import dev.helix.tensor.scalar.ScalarKernels;
import dev.helix.tensor.scalar.ScalarRank;
import dev.helix.tensor.scalar.ScalarTensor;
import dev.helix.tensor.scalar.ScalarWire;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** One reading's partial attention on each shard of a placement, and the merge of all. */
public record ShardedDecode<T extends Tensor>(
    String name, Kernels<T> kernels, AttentionKernels<T> attention, Wire<T> wire) {
  static List<ShardedDecode<?>> readings() {
    return List.of(fp64(), counting(), exact());
  }

  public static ShardedDecode<Fp64Tensor> fp64() {
    Fp64Rank rank = new Fp64Rank(RankScope.alone(0));
    return new ShardedDecode<>(
        "fp64",
        new Fp64Kernels(rank, new Fp64Constants()),
        new Fp64AttentionKernels(rank),
        new Fp64Wire(rank));
  }

  public static ShardedDecode<ScalarTensor<Double>> counting() {
    RankScope scope = RankScope.alone(0);
    ScalarRank<Double> rank = new ScalarRank<>(scope, new CountingArithmetic(scope));
    return new ShardedDecode<>(
        "counting",
        new ScalarKernels<>(rank, new ScalarConstants<>()),
        new ScalarAttentionKernels<>(rank),
        new ScalarWire<>(rank));
  }

  public static ShardedDecode<ExactTensor> exact() {
    ExactRank rank = new ExactRank(RankScope.alone(0));
    return new ShardedDecode<>(
        "exact",
        new ExactKernels(rank, new ExactConstants()),
        new ExactAttentionKernels(rank),
        new ExactWire(rank));
  }

  /**
   * The attention of the request's last tokens.
   *
   * @return {@code [rows, heads, headDim]}
   */
  public double[] attend(ScoreProblem problem, KvPlacement placement, ScoreRule rule) {
    List<QueryToken> all = new ArrayList<>();
    for (int position = 0; position < problem.tokens(); position++) {
      all.add(new QueryToken(0, position));
    }
    List<QueryToken> step = all.subList(problem.tokens() - problem.rows(), problem.tokens());
    AttentionShape shape = new AttentionShape(1, problem.heads() * placement.shards(), 1, 2);
    AttentionSharding sharding = new AttentionSharding(shape, Layout.dense(placement.shards(), 1));

    T queries = tensor(Axis.HEADS, problem.rows(), problem.heads(), problem.dim(), problem.q());
    T keys = tensor(Axis.KV_HEADS, problem.tokens(), problem.kvHeads(), problem.dim(), problem.k());
    T values =
        tensor(Axis.KV_HEADS, problem.tokens(), problem.kvHeads(), problem.dim(), problem.v());
    List<PartialAttention<T>> parts = new ArrayList<>();
    for (int shard = 0; shard < placement.shards(); shard++) {
      KvShard<T> cache =
          new KvShard<>(
              attention,
              shard,
              PageForm.keysAndValues(problem.kvHeads(), problem.dim(), DType.F64));
      cache.open(0, placement, problem.tokens());
      attention.appendKv(keys, values, cache.take(all));
      // The rule of the whole layer, cut as HelixAttention cuts it; there are heads for each shard.
      ScoreRule own = sharding.partialScore(forAllShards(rule, placement.shards()), shard);
      own = firstHeads(own, problem.heads());
      parts.add(attention.flashDecode(queries, cache.views(step, own.window()), own));
    }
    return merged(parts);
  }

  public double[] merged(List<PartialAttention<T>> parts) {
    List<ByteBuffer> outputs = new ArrayList<>();
    List<ByteBuffer> lses = new ArrayList<>();
    for (PartialAttention<T> part : parts) {
      int heads = part.lse().spec().size(Axis.HEADS);
      outputs.add(wire.encode(part.output(), Axis.HEADS, 0, heads));
      lses.add(wire.encode(part.lse(), Axis.HEADS, 0, heads));
    }
    Spec output = parts.get(0).output().spec().stacked(Axis.SHARDS, parts.size());
    Spec lse = parts.get(0).lse().spec().stacked(Axis.SHARDS, parts.size());
    return kernels.toHost(
        attention.mergeByLse(
            new PartialAttention<>(
                wire.decode(output, Axis.SHARDS, outputs), wire.decode(lse, Axis.SHARDS, lses))));
  }

  public T tensor(Axis heads, int rows, int count, int dim, double... numbers) {
    Spec spec =
        Spec.of(
            DType.F64,
            new Dim(Axis.BATCH, rows),
            new Dim(heads, count),
            new Dim(Axis.HEAD_DIM, dim));
    return kernels.constant(spec, slice(numbers));
  }

  /** A page whose slots are all written. */
  public T page(int kvHeads, int slots, int dim, double... numbers) {
    Spec spec =
        Spec.of(
            DType.F64,
            new Dim(Axis.KV_HEADS, kvHeads),
            new Dim(Axis.SLOTS, slots),
            new Dim(Axis.HEAD_DIM, dim));
    return kernels.constant(spec, slice(numbers));
  }

  private static WeightSlice slice(double... numbers) {
    return new WeightSlice(java.util.Arrays.toString(numbers), () -> numbers);
  }

  private static ScoreRule forAllShards(ScoreRule rule, int shards) {
    return rule.withSinks(repeated(rule.sinks(), shards))
        .withAlibi(repeated(rule.alibiSlopes(), shards));
  }

  private static ScoreRule firstHeads(ScoreRule rule, int heads) {
    return rule.withSinks(first(rule.sinks(), heads)).withAlibi(first(rule.alibiSlopes(), heads));
  }

  private static List<Double> first(List<Double> of, int heads) {
    return of.isEmpty() ? of : of.subList(0, heads);
  }

  private static List<Double> repeated(List<Double> of, int times) {
    List<Double> repeated = new ArrayList<>();
    for (int i = 0; i < times; i++) {
      repeated.addAll(of);
    }
    return repeated;
  }

  @Override
  public String toString() {
    return name;
  }
}
