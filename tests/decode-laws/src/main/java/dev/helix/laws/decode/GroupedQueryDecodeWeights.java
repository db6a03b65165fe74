package dev.helix.laws.decode;

import dev.helix.attention.AttentionShape;
import dev.helix.attention.SelfAttention;
import dev.helix.attention.baseline.BaselineAttention;
import dev.helix.attention.baseline.UnshardedAttention;
import dev.helix.attention.cache.KvShard;
import dev.helix.attention.cache.PageForm;
import dev.helix.attention.helix.AttentionSettings;
import dev.helix.attention.helix.AttentionSharding;
import dev.helix.attention.helix.AttentionWeights;
import dev.helix.attention.helix.HelixAttention;
import dev.helix.attention.rotary.RotaryEmbedding;
import dev.helix.laws.decode.DecodeRanks.Seat;
import dev.helix.laws.decode.cases.DecodeCase;
import dev.helix.tensor.Axis;
import dev.helix.tensor.DType;
import dev.helix.tensor.Dim;
import dev.helix.tensor.Tensor;
import java.util.SplittableRandom;

/** The weights of grouped-query attention. Each rank has the rows and columns of its own heads. */
final class GroupedQueryDecodeWeights extends DecodeWeights {
  private final AttentionShape shape;
  private final AttentionSharding sharding;
  private final double[] wq;
  private final double[] wk;
  private final double[] wv;
  private final double[] wo;

  GroupedQueryDecodeWeights(DecodeCase given) {
    super(given);
    this.shape = given.shape();
    this.sharding = given.sharding();
    SplittableRandom random = new SplittableRandom(given.seed());
    int queryWidth = shape.queryHeads() * shape.headDim();
    int kvWidth = shape.kvHeads() * shape.headDim();
    wq = matrix(random, queryWidth, shape.hidden(), 2);
    wk = matrix(random, kvWidth, shape.hidden(), 2);
    wv = matrix(random, kvWidth, shape.hidden(), 1);
    wo = matrix(random, shape.hidden(), queryWidth, 1);
  }

  @Override
  <T extends Tensor> SelfAttention<T> attention(Seat<T> seat) {
    int dim = shape.headDim();
    Dim hidden = new Dim(Axis.HIDDEN, shape.hidden());
    Dim rows = new Dim(Axis.QKV, sharding.local().qkvRows());
    Dim columns = new Dim(Axis.HEADS_BY_DIM, sharding.ownedHeads() * dim);
    return new HelixAttention<>(
        seat.attentionOperations(),
        new AttentionSettings(
            sharding, new RotaryEmbedding(DecodeCase.ROPE, dim), given.rule(), given.hopB()),
        new AttentionWeights<>(
            seat.constant("qkv", qkv(seat.rank()), rows, hidden),
            seat.constant("output", output(seat.rank()), hidden, columns)),
        new KvShard<>(
            seat.attention(),
            seat.place().kvpIndex(),
            PageForm.keysAndValues(sharding.localKvHeads(), dim, DType.F64)));
  }

  /** A rank's rows of the three projections, stacked. */
  private double[] qkv(int rank) {
    int row = shape.headDim() * shape.hidden();
    AttentionShape local = sharding.local();
    double[] rows = new double[local.qkvRows() * shape.hidden()];
    int queries = local.queryHeads() * row;
    int kv = local.kvHeads() * row;
    System.arraycopy(wq, sharding.firstPartialHead(rank) * row, rows, 0, queries);
    System.arraycopy(wk, sharding.firstKvHead(rank) * row, rows, queries, kv);
    System.arraycopy(wv, sharding.firstKvHead(rank) * row, rows, queries + kv, kv);
    return rows;
  }

  /** A rank's columns of the output projection. */
  private double[] output(int rank) {
    int own = sharding.ownedHeads() * shape.headDim();
    int from = sharding.firstOwnedHead(rank) * shape.headDim();
    return columns(wo, shape.hidden(), from, own);
  }

  @Override
  BaselineAttention unsharded() {
    return new UnshardedAttention(shape, DecodeCase.ROPE, given.rule(), wq, wk, wv, wo);
  }
}
