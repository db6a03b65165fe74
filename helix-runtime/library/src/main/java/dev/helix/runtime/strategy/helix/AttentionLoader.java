package dev.helix.runtime.strategy.helix;

import dev.helix.attention.AttentionShape;
import dev.helix.attention.LatentKernels;
import dev.helix.attention.LatentShape;
import dev.helix.attention.ScoreRule;
import dev.helix.attention.SelfAttention;
import dev.helix.attention.cache.KvShard;
import dev.helix.attention.cache.PageForm;
import dev.helix.attention.helix.AttentionSharding;
import dev.helix.attention.helix.AttentionWeights;
import dev.helix.attention.helix.HelixAttention;
import dev.helix.attention.helix.HelixLatentAttention;
import dev.helix.attention.helix.LatentSharding;
import dev.helix.attention.helix.LatentWeights;
import dev.helix.attention.helix.LatentWeights.QueryCompression;
import dev.helix.attention.rotary.RotaryEmbedding;
import dev.helix.runtime.checkpoint.Checkpoint;
import dev.helix.runtime.checkpoint.LatentNames;
import dev.helix.runtime.checkpoint.LlamaNames;
import dev.helix.runtime.checkpoint.ModelConfig;
import dev.helix.runtime.loading.RankWeights;
import dev.helix.runtime.reading.RankOperations;
import dev.helix.tensor.Axis;
import dev.helix.tensor.InvalidInputException;
import dev.helix.tensor.Tensor;
import dev.helix.tensor.WeightSlice;
import dev.helix.tensor.mesh.Layout;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One rank's attention of a layer, with its slices of the weights and an empty cache. */
final class AttentionLoader<T extends Tensor> {
  private final ModelConfig model;
  private final Layout layout;
  private final boolean hopB;
  private final RankOperations<T> operations;
  private final RankWeights<T> weights;
  private final int rank;

  AttentionLoader(HelixModel sharded, RankOperations<T> operations, RankWeights<T> weights) {
    this.model = sharded.model();
    this.layout = sharded.layout();
    this.hopB = sharded.hopB();
    this.operations = operations;
    this.weights = weights;
    this.rank = operations.kernels().rank();
  }

  SelfAttention<T> load(int layer) {
    return model.latent().isPresent() ? latent(layer, model.latent().get()) : groupedQuery(layer);
  }

  private HelixAttention<T> groupedQuery(int layer) {
    AttentionSharding sharding = new AttentionSharding(model.attention(), layout);
    KvShard<T> cache =
        new KvShard<>(
            operations.attention(),
            layout.kvpIndex(rank),
            PageForm.keysAndValues(
                sharding.localKvHeads(), model.attention().headDim(), weights.precision().kv()));
    return new HelixAttention<>(
        operations.kernels(),
        operations.attention(),
        operations.collectives(),
        sharding,
        new RotaryEmbedding(model.rope(), model.attention().headDim()),
        scoreRule(),
        groupedQueryWeights(layer, sharding),
        cache,
        hopB);
  }

  private ScoreRule scoreRule() {
    ScoreRule rule = ScoreRule.ofScale(model.attention().scoreScale());
    return model.slidingWindow().isPresent()
        ? rule.withWindow(model.slidingWindow().getAsInt())
        : rule;
  }

  /** Rows of this rank's Q/TPA query and K/TPA KV heads; columns of its Q/N owned heads. */
  private AttentionWeights<T> groupedQueryWeights(int layer, AttentionSharding sharding) {
    AttentionShape whole = model.attention();
    AttentionShape local = sharding.local();
    int dim = whole.headDim();
    int hidden = whole.hidden();
    int queryFrom = sharding.firstPartialHead(rank) * dim;
    int queryTo = queryFrom + local.queryHeads() * dim;
    int kvFrom = sharding.firstKvHead(rank) * dim;
    int kvTo = kvFrom + local.kvHeads() * dim;
    WeightSlice qkv =
        Checkpoint.stack(
            List.of(
                weights.slice(LlamaNames.query(layer), queryFrom, queryTo, 0, hidden),
                weights.slice(LlamaNames.key(layer), kvFrom, kvTo, 0, hidden),
                weights.slice(LlamaNames.value(layer), kvFrom, kvTo, 0, hidden)));
    int ownFrom = sharding.firstOwnedHead(rank) * dim;
    return new AttentionWeights<>(
        weights.matrix(Axis.QKV, local.qkvRows(), Axis.HIDDEN, hidden, qkv),
        output(layer, ownFrom, ownFrom + sharding.ownedHeads() * dim));
  }

  private HelixLatentAttention<T> latent(int layer, LatentShape shape) {
    LatentKernels<T> latentKernels =
        operations
            .latent()
            .orElseThrow(
                () -> new InvalidInputException("this reading does not compute latent attention"));
    KvShard<T> cache =
        new KvShard<>(
            operations.attention(),
            layout.kvpIndex(rank),
            PageForm.entries(shape.entryDim(), weights.precision().kv()));
    LatentSharding sharding = new LatentSharding(shape, layout);
    return new HelixLatentAttention<>(
        operations.kernels(),
        operations.attention(),
        latentKernels,
        operations.collectives(),
        sharding,
        model.rope(),
        model.rmsNormEpsilon(),
        latentWeights(layer, shape, sharding),
        cache,
        hopB);
  }

  /**
   * All heads' queries and key up-projections; values and output columns of the Q/N owned heads.
   */
  private LatentWeights<T> latentWeights(int layer, LatentShape shape, LatentSharding sharding) {
    int hidden = shape.hidden();
    int queries = shape.heads() * shape.queryDim();
    Optional<QueryCompression<T>> compression = Optional.empty();
    String queryName = LatentNames.query(layer);
    Axis queryInput = Axis.HIDDEN;
    int queryWidth = hidden;
    if (shape.queryLatent().isPresent()) {
      queryName = LatentNames.queryUp(layer);
      queryInput = Axis.QUERY_LATENT;
      queryWidth = shape.queryLatent().getAsInt();
      WeightSlice down = weights.slice(LatentNames.queryDown(layer), 0, queryWidth, 0, hidden);
      compression =
          Optional.of(
              new QueryCompression<>(
                  weights.matrix(queryInput, queryWidth, Axis.HIDDEN, hidden, down),
                  weights.vector(queryInput, queryWidth, LatentNames.queryNorm(layer))));
    }
    int own = sharding.firstOwnedHead(rank);
    int ownEnd = own + sharding.ownedHeads();
    return new LatentWeights<>(
        compression,
        weights.matrix(
            Axis.HEADS_BY_DIM,
            queries,
            queryInput,
            queryWidth,
            weights.slice(queryName, 0, queries, 0, queryWidth)),
        weights.matrix(
            Axis.LATENT_ENTRY,
            shape.entryDim(),
            Axis.HIDDEN,
            hidden,
            weights.slice(LatentNames.entry(layer), 0, shape.entryDim(), 0, hidden)),
        weights.vector(Axis.LATENT, shape.latent(), LatentNames.latentNorm(layer)),
        up(layer, shape, 0, shape.heads(), 0, shape.nopeDim()),
        up(layer, shape, own, ownEnd, shape.nopeDim(), shape.upRows()),
        output(layer, own * shape.valueDim(), ownEnd * shape.valueDim()));
  }

  /** Rows {@code [from, to)} of each head's up-projection, for some heads. */
  private T up(int layer, LatentShape shape, int firstHead, int endHead, int from, int to) {
    List<WeightSlice> heads = new ArrayList<>();
    for (int head = firstHead; head < endHead; head++) {
      int row = head * shape.upRows();
      heads.add(
          weights.slice(LatentNames.keyValueUp(layer), row + from, row + to, 0, shape.latent()));
    }
    return weights.perHead(endHead - firstHead, to - from, shape.latent(), Checkpoint.stack(heads));
  }

  private T output(int layer, int from, int to) {
    int hidden = model.attention().hidden();
    return weights.matrix(
        Axis.HIDDEN,
        hidden,
        Axis.HEADS_BY_DIM,
        to - from,
        weights.slice(LlamaNames.attentionOutput(layer), 0, hidden, from, to));
  }
}
