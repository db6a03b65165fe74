package dev.helix.runtime.strategy;

import dev.helix.attention.placement.KvPlacement;
import java.util.function.IntFunction;
import java.util.function.IntPredicate;

/**
 * The parts of a model and of a batch that one rank has.
 *
 * @param place what the rank is in the strategy, in words
 * @param requests the requests of which it has a part
 * @param layers the layers that it runs
 * @param attention what it has of the attention of each of them
 * @param ffn what it has of the FFN of each of them
 */
public record RankHoldings(
    String place, IntPredicate requests, Span layers, Attention attention, Ffn ffn) {
  /**
   * A rank's part of attention.
   *
   * @param kvHeads the KV heads that it caches
   * @param queryHeads the query heads with which it attends
   * @param shard which part of the tokens of a request it keeps
   * @param placement gives the placement of a request's tokens on the shards, for the greatest
   *     number of its tokens
   */
  public record Attention(
      Span kvHeads, Span queryHeads, int shard, IntFunction<KvPlacement> placement) {}

  /**
   * A rank's part of an FFN.
   *
   * @param columns the columns that it has, of each of its experts if there are some
   * @param experts the experts that it has; none in a model without experts
   */
  public record Ffn(Span columns, Span experts) {}
}
