package dev.helix.attention.helix;

import dev.helix.attention.AttentionShape;
import dev.helix.attention.ScoreRule;
import dev.helix.attention.SelfAttention;
import dev.helix.attention.baseline.BaselineAttention;
import dev.helix.attention.baseline.UnshardedAttention;
import dev.helix.attention.cache.KvShard;
import dev.helix.attention.cache.PageForm;
import dev.helix.attention.rotary.RotaryEmbedding;
import dev.helix.tensor.Axis;
import dev.helix.tensor.DType;
import dev.helix.tensor.Dim;
import dev.helix.tensor.Tensor;
import dev.helix.tensor.mesh.Layout;
import java.util.List;
import java.util.SplittableRandom;

/** Grouped-query attention with all that a score rule can say. */
final class HelixAttentionTest implements DecodeContract {
  private static final AttentionShape SHAPE = new AttentionShape(DecodeProblem.HIDDEN, 8, 2, 4);

  @Override
  public DecodeProblem problem() {
    return new GroupedQuery();
  }

  @Override
  public List<Layout> layouts() {
    return List.of(
        Layout.dense(1, 1),
        Layout.dense(2, 1),
        Layout.dense(1, 2),
        Layout.dense(4, 1),
        Layout.dense(4, 2));
  }

  private static final class GroupedQuery extends DecodeProblem {
    private static final ScoreRule RULE =
        ScoreRule.ofScale(0.7)
            .withWindow(6)
            .withSoftCap(3)
            .withSinks(List.of(-1.0, 0.5, 2.0, Double.NEGATIVE_INFINITY, 1.0, 0.0, -3.0, 0.25))
            .withAlibi(List.of(0.5, 0.25, 0.1, 0.05, 0.3, 0.2, 0.4, 0.6));

    private final double[] wq;
    private final double[] wk;
    private final double[] wv;
    private final double[] wo;

    GroupedQuery() {
      SplittableRandom random = new SplittableRandom(3);
      wq = matrix(random, 8 * 4, HIDDEN);
      wk = matrix(random, 2 * 4, HIDDEN);
      wv = matrix(random, 2 * 4, HIDDEN);
      wo = matrix(random, HIDDEN, 8 * 4);
    }

    @Override
    <T extends Tensor> SelfAttention<T> attention(
        RankReading<T> reading, Layout layout, boolean hopB) {
      int rank = reading.kernels().rank();
      AttentionSharding sharding = new AttentionSharding(SHAPE, layout);
      AttentionShape local = sharding.local();
      int row = SHAPE.headDim() * HIDDEN;
      double[] qkv = new double[local.qkvRows() * HIDDEN];
      int queries = local.queryHeads() * row;
      int kv = local.kvHeads() * row;
      System.arraycopy(wq, sharding.firstPartialHead(rank) * row, qkv, 0, queries);
      System.arraycopy(wk, sharding.firstKvHead(rank) * row, qkv, queries, kv);
      System.arraycopy(wv, sharding.firstKvHead(rank) * row, qkv, queries + kv, kv);
      int own = sharding.ownedHeads() * SHAPE.headDim();
      double[] output = columns(wo, HIDDEN, sharding.firstOwnedHead(rank) * SHAPE.headDim(), own);
      Dim hidden = new Dim(Axis.HIDDEN, HIDDEN);
      return new HelixAttention<>(
          reading.operations(),
          new AttentionSettings(sharding, new RotaryEmbedding(ROPE, SHAPE.headDim()), RULE, hopB),
          new AttentionWeights<>(
              reading.constant(qkv, new Dim(Axis.QKV, local.qkvRows()), hidden),
              reading.constant(output, hidden, new Dim(Axis.HEADS_BY_DIM, own))),
          new KvShard<>(
              reading.attention(),
              layout.kvpIndex(rank),
              PageForm.keysAndValues(sharding.localKvHeads(), SHAPE.headDim(), DType.F64)));
    }

    @Override
    BaselineAttention unsharded() {
      return new UnshardedAttention(SHAPE, ROPE, RULE, wq, wk, wv, wo);
    }
  }
}
