package dev.helix.attention.nd4j;

import dev.helix.attention.AttentionKernels;
import dev.helix.attention.PartialAttention;
import dev.helix.attention.QueryToken;
import dev.helix.attention.ScoreRule;
import dev.helix.attention.cache.KvShard;
import dev.helix.attention.cache.PageForm;
import dev.helix.attention.fp64.Fp64AttentionKernels;
import dev.helix.attention.helix.AttentionSharding;
import dev.helix.attention.nd4j.CallerArrays.Run;
import dev.helix.attention.placement.KvPlacement;
import dev.helix.tensor.Axis;
import dev.helix.tensor.Collectives;
import dev.helix.tensor.DType;
import dev.helix.tensor.Group;
import dev.helix.tensor.InvalidInputException;
import dev.helix.tensor.fp64.Fp64Rank;
import dev.helix.tensor.fp64.Fp64Tensor;
import dev.helix.tensor.fp64.Fp64Wire;
import dev.helix.tensor.fp64.Nd4jViews;
import dev.helix.tensor.mesh.Communicator;
import dev.helix.tensor.mesh.Layout;
import dev.helix.tensor.mesh.WireCollectives;
import dev.helix.tensor.program.Phase;
import java.util.List;
import java.util.OptionalInt;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Decode attention over a caller's ND4J arrays as Helix Parallelism shards it (§2.1): the tokens
 * over KVP ranks, the heads over TPA ranks, one all-to-all, one merge by log-sum-exp. This is
 * grouped-query attention, which includes multi-head and multi-query attention. Queries and keys
 * are given after rotary embedding.
 *
 * <p>The {@code fp64} reading computes it in double precision, one rank after the other in the
 * caller's thread. Arrays of type FLOAT, HALF or BFLOAT16 are converted exactly, and results have
 * type DOUBLE. The caller's arrays are read and never written or kept.
 *
 * <p>Wrong arguments are an {@link InvalidInputException} that names the argument, what was
 * expected and what came.
 */
public final class ShardedAttention {
  private final Layout layout;
  private final KvPlacement placement;
  private final ScoreRule rule;

  /**
   * Creates attention for one layout.
   *
   * @param layout has KVP and TPA; its TPF and EP are not used
   * @param placement which of the KVP shards keeps which token, the same for all requests
   * @param rule how scores are made of products, with sinks and slopes of all query heads
   */
  public ShardedAttention(Layout layout, KvPlacement placement, ScoreRule rule) {
    if (placement.shards() != layout.kvp()) {
      throw new InvalidInputException(
          "placement: expected %d shards for KVP %d, got %s"
              .formatted(layout.kvp(), layout.kvp(), placement));
    }
    this.layout = layout;
    this.placement = placement;
    this.rule = rule;
  }

  /**
   * Attends with one query token for each request, its last one, where all requests are equally
   * long.
   */
  public ShardedStates attend(INDArray q, INDArray k, INDArray v) {
    return attend(CallerArrays.of(q, k, v));
  }

  /**
   * Attends with one query token for each request, its last one.
   *
   * @param q {@code [batch, heads, headDim]}; headDim is even
   * @param k {@code [batch, tokens, kvHeads, headDim]}
   * @param v {@code [batch, tokens, kvHeads, headDim]}
   * @param lengths {@code [batch]}, the number of tokens of each request, at least 1; what k and v
   *     hold behind them is not read
   */
  public ShardedStates attend(INDArray q, INDArray k, INDArray v, int[] lengths) {
    return attend(CallerArrays.of(q, k, v).withLengths(lengths));
  }

  /**
   * Attends with any number of query tokens for each request. Each query sees its request's tokens
   * up to its own position.
   *
   * @param rows request and position of each row of q
   * @param q {@code [rows, heads, headDim]}; headDim is even
   * @param k {@code [batch, tokens, kvHeads, headDim]}
   * @param v {@code [batch, tokens, kvHeads, headDim]}
   * @param lengths {@code [batch]}, the number of tokens of each request
   */
  public ShardedStates attend(
      List<QueryToken> rows, INDArray q, INDArray k, INDArray v, int[] lengths) {
    return attend(CallerArrays.of(q, k, v).withLengths(lengths).withRows(rows));
  }

  private ShardedStates attend(CallerArrays given) {
    AttentionSharding sharding = given.requireConsistent(placement).sharding(layout, rule);
    List<RankStates> ranks =
        RanksInTurn.run(
            layout.ranks(), communicator -> new Rank(communicator, sharding).attend(given));
    INDArray[] merged = ranks.stream().map(RankStates::merged).toArray(INDArray[]::new);
    INDArray output =
        given.rows().isEmpty()
            ? Nd4j.create(DataType.DOUBLE, given.q().shape())
            : Nd4j.concat(1, merged).dup('c');
    return new ShardedStates(ranks, output);
  }

  /**
   * One rank, which takes the steps of {@link dev.helix.attention.helix.HelixAttention} between its
   * two projections.
   */
  private final class Rank {
    /**
     * How many tokens are appended to the cache at once, which limits how much is copied for that.
     */
    private static final int TOKENS_AT_ONCE = 1024;

    private final AttentionSharding sharding;
    private final Fp64Rank rank;
    private final AttentionKernels<Fp64Tensor> attention;
    private final Collectives<Fp64Tensor> collectives;

    Rank(Communicator communicator, AttentionSharding sharding) {
      this.sharding = sharding;
      this.rank = new Fp64Rank(communicator.scope());
      this.attention = new Fp64AttentionKernels(rank);
      this.collectives = new WireCollectives<>(communicator, new Fp64Wire(rank));
    }

    RankStates attend(CallerArrays given) {
      int own = rank.rank();
      KvShard<Fp64Tensor> cache = filledCache(given);
      Fp64Tensor queries =
          given.queries(rank, sharding.firstPartialHead(own), sharding.partialHeads());
      OptionalInt window = rule.window();
      PartialAttention<Fp64Tensor> partial =
          attention.flashDecode(
              queries, cache.views(given.rows(), window), sharding.partialScore(rule, own));
      Group kvpGroup = layout.kvpGroup(own);
      List<Fp64Tensor> received =
          collectives.allToAll(
              Phase.ALL_TO_ALL, kvpGroup, Axis.HEADS, List.of(partial.output(), partial.lse()));
      PartialAttention<Fp64Tensor> exchanged =
          new PartialAttention<>(received.get(0), received.get(1));
      INDArray merged = Nd4jViews.viewOf(attention.mergeByLse(exchanged));
      return new RankStates(PartialStates.of(partial), PartialStates.of(exchanged), merged);
    }

    /** This rank's shard. It is shown every token, and keeps those that the placement gives it. */
    private KvShard<Fp64Tensor> filledCache(CallerArrays given) {
      int own = rank.rank();
      int heads = sharding.localKvHeads();
      KvShard<Fp64Tensor> cache =
          new KvShard<>(
              attention,
              layout.kvpIndex(own),
              PageForm.keysAndValues(heads, sharding.shape().headDim(), DType.F64));
      for (int request = 0; request < given.requests(); request++) {
        int length = given.length(request);
        cache.open(request, placement, length);
        for (int from = 0; from < length; from += TOKENS_AT_ONCE) {
          Run run = new Run(request, from, Math.min(length, from + TOKENS_AT_ONCE));
          Fp64Tensor keys = given.keys(rank, run, sharding.firstKvHead(own), heads);
          Fp64Tensor values = given.values(rank, run, sharding.firstKvHead(own), heads);
          attention.appendKv(keys, values, cache.take(run.step()));
        }
      }
      return cache;
    }
  }
}
