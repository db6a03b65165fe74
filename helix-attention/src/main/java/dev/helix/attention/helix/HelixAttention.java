package dev.helix.attention.helix;

import dev.helix.attention.AttentionKernels;
import dev.helix.attention.AttentionOperations;
import dev.helix.attention.AttentionTap;
import dev.helix.attention.KvView;
import dev.helix.attention.PartialAttention;
import dev.helix.attention.QueryToken;
import dev.helix.attention.RotatedQkv;
import dev.helix.attention.ScoreRule;
import dev.helix.attention.SelfAttention;
import dev.helix.attention.cache.KvShard;
import dev.helix.attention.rotary.RotaryEmbedding;
import dev.helix.tensor.Collectives;
import dev.helix.tensor.Group;
import dev.helix.tensor.Kernels;
import dev.helix.tensor.Tensor;
import dev.helix.tensor.program.Phase;
import java.util.ArrayList;
import java.util.List;

/**
 * Attention of one layer as one rank runs it under Helix Parallelism (§2.1, Fig. 4): the KV cache
 * is split along the sequence over KVP ranks, and along the KV heads over TPA ranks. This is
 * grouped-query attention, which includes multi-head and multi-query attention.
 *
 * @param <T> the tensor type of the reading
 */
public final class HelixAttention<T extends Tensor> implements SelfAttention<T> {
  private final Kernels<T> kernels;
  private final AttentionKernels<T> attention;
  private final Collectives<T> collectives;
  private final AttentionSharding sharding;
  private final RotaryEmbedding rotary;
  private final AttentionWeights<T> weights;
  private final KvShard<T> cache;
  private final ScoreRule score;
  private final HeadExchange<T> exchange;
  private final boolean hopB;
  private final Group owners;

  /**
   * Creates one rank's part of a layer.
   *
   * @param rank the operations of the rank, on numbers and between ranks
   */
  public HelixAttention(
      AttentionOperations<T> rank,
      AttentionSettings settings,
      AttentionWeights<T> weights,
      KvShard<T> cache) {
    this.kernels = rank.kernels();
    this.attention = rank.attention();
    this.collectives = rank.collectives();
    this.sharding = settings.sharding();
    this.rotary = settings.rotary();
    this.weights = weights;
    this.cache = cache;
    this.score = sharding.partialScore(settings.score(), rank.rank());
    Group kvpGroup = sharding.layout().kvpGroup(rank.rank());
    this.exchange = new HeadExchange<>(collectives, kvpGroup, sharding.owners());
    this.hopB = settings.hopB();
    this.owners = sharding.owningRanks();
  }

  @Override
  public KvShard<T> cache() {
    return cache;
  }

  @Override
  public T attend(T x, List<QueryToken> step, AttentionTap<T> tap) {
    // 1. Queries, keys and values of this rank's heads, the same on all KVP ranks of a TPA index.
    T qkv = kernels.linear(Phase.QKV, x, weights.qkv());
    RotatedQkv<T> rotated = attention.rotaryQkv(qkv, sharding.local(), rotary, step);
    tap.projected(step, rotated);

    // 2. The token's owner keeps its key and value; the others attend all the same.
    attention.appendKv(rotated.keys(), rotated.values(), cache.take(step));

    // HOP-B launches steps 3 and 4 of each request by itself, and no merge before the last of them:
    // a merge waits for its exchange. Without HOP-B the only piece is the whole batch.
    List<KvView<T>> views = cache.views(step, score.window());
    List<BatchPiece> pieces = BatchPiece.of(step, hopB);
    List<PartialAttention<T>> shards = new ArrayList<>(pieces.size());
    for (BatchPiece rows : pieces) {
      // 3. Attention over this rank's part of the sequence.
      PartialAttention<T> partial =
          attention.flashDecode(
              rows.piece(),
              rows.rows(kernels, rotated.queries()),
              rows.rows(views),
              score,
              sharding.local().headDim());
      tap.partial(rows.rows(step), partial);

      // 4. One all-to-all over query heads: sequence parts of Q/TPA heads for whole Q/N heads.
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

      // 5. The exact attention of this rank's heads.
      T whole = attention.mergeByLse(rows.piece(), ofOwnHeads);
      tap.merged(rows.rows(step), whole);
      merged.add(whole);
    }
    T heads = BatchPiece.joined(kernels, merged);

    // 6. The output projection over all N ranks: one column block each, summed by all-reduce.
    return collectives.allReduce(
        Phase.ALL_REDUCE,
        owners,
        kernels.partialLinear(Phase.OUTPUT_PROJECTION, heads, weights.output()));
  }
}
