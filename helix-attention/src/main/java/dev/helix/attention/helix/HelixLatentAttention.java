package dev.helix.attention.helix;

import dev.helix.attention.AttentionKernels;
import dev.helix.attention.AttentionOperations;
import dev.helix.attention.AttentionTap;
import dev.helix.attention.KvView;
import dev.helix.attention.LatentKernels;
import dev.helix.attention.LatentShape;
import dev.helix.attention.PartialAttention;
import dev.helix.attention.ProjectedLatent;
import dev.helix.attention.QueryToken;
import dev.helix.attention.RotatedLatent;
import dev.helix.attention.ScoreRule;
import dev.helix.attention.SelfAttention;
import dev.helix.attention.cache.KvShard;
import dev.helix.attention.cache.PageForm;
import dev.helix.attention.rotary.RotaryEmbedding;
import dev.helix.tensor.Collectives;
import dev.helix.tensor.Group;
import dev.helix.tensor.Kernels;
import dev.helix.tensor.Tensor;
import dev.helix.tensor.program.Phase;
import java.util.ArrayList;
import java.util.List;

/**
 * Latent attention (MLA) of one layer as one rank runs it under Helix Parallelism: the cache of
 * latents is split along the sequence over all N = KVP ranks. Ranks exchange partial outputs over
 * latents, which are kv_lora wide, as in TensorRT-LLM; the paper's formula (§2.1) counts
 * hidden/heads components for each head instead. Value up-projection and output projection come
 * after, on Q/N heads.
 *
 * @param <T> the tensor type of the reading
 */
public final class HelixLatentAttention<T extends Tensor> implements SelfAttention<T> {
  private final Kernels<T> kernels;
  private final AttentionKernels<T> attention;
  private final LatentKernels<T> latentKernels;
  private final Collectives<T> collectives;
  private final LatentShape shape;
  private final RotaryEmbedding rotary;
  private final ScoreRule score;
  private final double epsilon;
  private final LatentWeights<T> weights;
  private final KvShard<T> cache;
  private final HeadExchange<T> exchange;
  private final boolean hopB;
  private final Group owners;

  /**
   * Creates one rank's part of a layer.
   *
   * @param rank the operations of the rank, on numbers and between ranks
   * @param latentKernels the rank's operations on latents
   * @param cache the rank's shard, whose pages have the form {@link PageForm#entries}
   */
  public HelixLatentAttention(
      AttentionOperations<T> rank,
      LatentKernels<T> latentKernels,
      LatentSettings settings,
      LatentWeights<T> weights,
      KvShard<T> cache) {
    this.kernels = rank.kernels();
    this.attention = rank.attention();
    this.latentKernels = latentKernels;
    this.collectives = rank.collectives();
    LatentSharding sharding = settings.sharding();
    this.shape = sharding.local();
    this.rotary = new RotaryEmbedding(settings.rope(), shape.ropeDim());
    this.score = ScoreRule.ofScale(shape.scoreScale(settings.rope()));
    this.epsilon = settings.epsilon();
    this.weights = weights;
    this.cache = cache;
    Group kvpGroup = sharding.layout().kvpGroup(rank.rank());
    this.exchange = new HeadExchange<>(collectives, kvpGroup, sharding.owners());
    this.hopB = settings.hopB();
    this.owners = sharding.absorbed().owningRanks();
  }

  @Override
  public KvShard<T> cache() {
    return cache;
  }

  @Override
  public T attend(T x, List<QueryToken> step, AttentionTap<T> tap) {
    // 1. Queries of all heads and the token's latent entry, the same on every rank.
    T queries = kernels.linear(Phase.QKV, compressed(x), weights.query());
    T entries = kernels.linear(Phase.QKV, x, weights.entry());
    T absorbed = latentKernels.absorbQueries(queries, weights.keyUp());
    ProjectedLatent<T> projected =
        new ProjectedLatent<>(queries, absorbed, entries, weights.latentNorm(), epsilon);
    RotatedLatent<T> rotated = latentKernels.rotaryLatent(projected, shape, rotary, step);
    tap.projectedLatents(step, rotated);

    // 2. The token's owner keeps the entry; the others attend all the same.
    latentKernels.appendEntries(rotated.entries(), cache.take(step));

    // HOP-B launches steps 3 and 4 of each request by itself, and no merge before the last of them:
    // a merge waits for its exchange. Without HOP-B the only piece is the whole batch.
    List<KvView<T>> views = cache.views(step);
    List<BatchPiece> pieces = BatchPiece.of(step, hopB);
    List<PartialAttention<T>> shards = new ArrayList<>(pieces.size());
    for (BatchPiece rows : pieces) {
      // 3. Attention of all heads over this rank's part of the sequence, in the space of latents.
      PartialAttention<T> partial =
          latentKernels.flashDecodeLatent(
              rows.piece(),
              rows.rows(kernels, rotated.queries()),
              rows.rows(views),
              score,
              shape.latent());
      tap.partial(rows.rows(step), partial);

      // 4. One all-to-all over query heads: sequence parts of all heads for whole Q/N heads.
      exchange.exchange(rows.piece(), partial).ifPresent(shards::add);
    }
    if (shards.isEmpty()) {
      // This rank owns no heads. Its part is done, and it has no row of the output.
      return kernels.rows(x, 0, 0);
    }
    List<T> merged = new ArrayList<>(pieces.size());
    for (BatchPiece rows : pieces) {
      PartialAttention<T> ofOwnHeads = shards.get(rows.piece().index());
      tap.exchanged(rows.rows(step), ofOwnHeads);

      // 5. The exact attention of this rank's heads, still over latents.
      T whole = attention.mergeByLse(rows.piece(), ofOwnHeads);
      tap.merged(rows.rows(step), whole);
      merged.add(whole);
    }
    T values = latentKernels.expandValues(BatchPiece.joined(kernels, merged), weights.valueUp());

    // 6. The output projection over all N ranks: one column block each, summed by all-reduce.
    return collectives.allReduce(
        Phase.ALL_REDUCE,
        owners,
        kernels.partialLinear(Phase.OUTPUT_PROJECTION, values, weights.output()));
  }

  private T compressed(T x) {
    return weights
        .compression()
        .map(
            c ->
                kernels.rmsNorm(
                    Phase.QKV, kernels.linear(Phase.QKV, x, c.down()), c.norm(), epsilon))
        .orElse(x);
  }
}
