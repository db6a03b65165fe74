package dev.helix.attention.helix;

import dev.helix.attention.AttentionShape;
import dev.helix.attention.ScoreRule;
import dev.helix.tensor.Group;
import dev.helix.tensor.InvalidInputException;
import dev.helix.tensor.mesh.Layout;
import java.util.List;

/**
 * Says which heads each rank has, before and after the all-to-all (Helix Parallelism §2.1).
 *
 * <p>Before it, the KVP ranks with TPA index t all compute query heads [t·Q/TPA, (t+1)·Q/TPA) with
 * KV heads [t·K/TPA, (t+1)·K/TPA), each over its own part of the sequence. After it, rank r has the
 * whole-sequence attention of query heads [r·Q/N, (r+1)·Q/N).
 *
 * @param shape the unsharded layer
 * @param layout the ranks
 * @param kvHeads whether TPA may exceed the number of KV heads
 * @param owners how many ranks of each KVP group, counted from the first, own whole heads after the
 *     exchange; in Helix all of them do
 */
public record AttentionSharding(AttentionShape shape, Layout layout, KvHeads kvHeads, int owners) {
  /**
   * Checks that the layout divides the layer.
   *
   * @throws InvalidInputException naming the rule that the layout breaks
   */
  public AttentionSharding {
    boolean duplicates = kvHeads == KvHeads.DUPLICATED && layout.tpa() % shape.kvHeads() == 0;
    if (shape.kvHeads() % layout.tpa() != 0 && !duplicates) {
      throw new InvalidInputException(
          "TPA (%d) must divide the model's KV heads (%d)%s"
              .formatted(
                  layout.tpa(),
                  shape.kvHeads(),
                  kvHeads == KvHeads.DUPLICATED ? " or be a multiple of them" : ""));
    }
    if (owners < 1 || owners > layout.kvp()) {
      throw new InvalidInputException(
          "ranks that own heads in a KVP group must be between 1 and KVP (%d), got %d"
              .formatted(layout.kvp(), owners));
    }
    if (owners < layout.kvp() && shape.queryHeads() % (owners * layout.tpa()) != 0) {
      throw new InvalidInputException(
          "%d ranks that own heads must divide the model's query heads (%d)"
              .formatted(owners * layout.tpa(), shape.queryHeads()));
    }
    if (owners == layout.kvp() && shape.queryHeads() % layout.ranks() != 0) {
      throw new InvalidInputException(
          "KVP × TPA (%d × %d = %d) must divide the model's query heads (%d)"
              .formatted(layout.kvp(), layout.tpa(), layout.ranks(), shape.queryHeads()));
    }
  }

  /** The sharding of a layer in which TPA is at most K, as in Helix. */
  public AttentionSharding(AttentionShape shape, Layout layout) {
    this(shape, layout, KvHeads.SPLIT, layout.kvp());
  }

  /** Number of query heads for which a rank computes partial attention: Q/TPA. */
  public int partialHeads() {
    return shape.queryHeads() / layout.tpa();
  }

  /** Number of KV heads that a rank caches: K/TPA, or one if TPA exceeds K. */
  public int localKvHeads() {
    return Math.max(1, shape.kvHeads() / layout.tpa());
  }

  /** Number of query heads that a rank owns after the all-to-all: Q/N. */
  public int ownedHeads() {
    return shape.queryHeads() / (owners * layout.tpa());
  }

  /** The first query head of a rank's partial attention. */
  public int firstPartialHead(int rank) {
    return layout.tpaIndex(rank) * partialHeads();
  }

  /** The first KV head in a rank's cache. */
  public int firstKvHead(int rank) {
    return layout.tpaIndex(rank) * shape.kvHeads() / layout.tpa();
  }

  /** Whether a rank owns heads after the exchange. */
  public boolean owns(int rank) {
    return layout.kvpIndex(rank) < owners;
  }

  /** The ranks that own heads, in the order of the heads. */
  public Group owningRanks() {
    return owners == layout.kvp()
        ? layout.all()
        : new Group("owners of heads", layout.members().stream().filter(this::owns).toList());
  }

  /** The first query head that a rank owns after the all-to-all. */
  public int firstOwnedHead(int rank) {
    return firstPartialHead(rank) + layout.kvpIndex(rank) * ownedHeads();
  }

  /**
   * The score rule that a rank applies before the all-to-all: that of its heads, with sinks only on
   * KVP index 0. A sink is a state like any other and is merged like one. The ranks of a KVP group
   * merge their states, so exactly one of them must add the sinks. It is the first one, whether or
   * not it has tokens.
   *
   * @param score the rule of all heads of the layer
   * @throws IllegalArgumentException if its sinks or slopes are for another number of heads
   */
  public ScoreRule partialScore(ScoreRule score, int rank) {
    int first = firstPartialHead(rank);
    ScoreRule own =
        score.requireHeads("attention", shape.queryHeads()).ofHeads(first, first + partialHeads());
    return layout.kvpIndex(rank) == 0 ? own : own.withSinks(List.of());
  }

  /** The shape of the layer as one rank computes it before the all-to-all. */
  public AttentionShape local() {
    return new AttentionShape(shape.hidden(), partialHeads(), localKvHeads(), shape.headDim());
  }
}
