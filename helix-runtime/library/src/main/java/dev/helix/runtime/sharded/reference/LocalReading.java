package dev.helix.runtime.sharded.reference;

import dev.helix.attention.QueryToken;
import dev.helix.attention.ScoreRule;
import dev.helix.runtime.sharded.CacheScales;
import dev.helix.runtime.sharded.RankStep;
import dev.helix.runtime.sharded.SinkPlace;
import dev.helix.runtime.sharded.StepFacts;
import java.util.function.IntUnaryOperator;

/**
 * How a rank attends to its cache. The right way follows from the facts of a step, and a fault
 * changes one part of it.
 *
 * @param tokens the slots that it attends to
 * @param scores how products become scores
 * @param sinks which ranks count a sink
 * @param kvHead the KV head that a query head reads
 * @param scales how stored numbers become keys and values
 */
public record LocalReading(
    LocalTokens tokens,
    ScoreRule scores,
    SinkPlace sinks,
    IntUnaryOperator kvHead,
    CacheScales scales) {

  /** The right way: a rank attends to the tokens that it keeps, by the rules of the step. */
  public static LocalReading of(StepFacts facts) {
    int group = facts.shape().group();
    return new LocalReading(
        LocalTokens.of(facts),
        facts.scores(),
        SinkPlace.FIRST_RANK,
        head -> head / group,
        facts.forms().cache());
  }

  /** Whether a rank has neither a slot nor a sink for one head of a token. */
  public boolean isEmpty(RankStep rank, QueryToken token, int head) {
    SlotRange range = tokens.range(rank.rank(), token);
    int readable = rank.cache().map(cache -> cache.slots(token.request())).orElse(0);
    boolean sink = sinks.counts(rank.rank()) && scores.sink(head) != Double.NEGATIVE_INFINITY;
    return !sink && Math.min(range.to(), readable) <= range.from();
  }

  /** This reading with other slots or distances. */
  public LocalReading with(LocalTokens others) {
    return new LocalReading(others, scores, sinks, kvHead, scales);
  }

  /** This reading with other slots. */
  public LocalReading withRanges(LocalTokens.RangeChange change) {
    return with(tokens.withRanges(change));
  }

  /** This reading with other scores. */
  public LocalReading with(ScoreRule others) {
    return new LocalReading(tokens, others, sinks, kvHead, scales);
  }

  /** This reading with sinks counted elsewhere. */
  public LocalReading with(SinkPlace others) {
    return new LocalReading(tokens, scores, others, kvHead, scales);
  }

  /** This reading with KV heads in another order. */
  public LocalReading withKvHeads(IntUnaryOperator others) {
    return new LocalReading(tokens, scores, sinks, others, scales);
  }

  /** This reading with other scales. */
  public LocalReading with(CacheScales others) {
    return new LocalReading(tokens, scores, sinks, kvHead, others);
  }
}
