package dev.helix.attention.helix;

import dev.helix.attention.LatentShape;
import dev.helix.tensor.InvalidInputException;
import dev.helix.tensor.mesh.Layout;

/**
 * Says which heads each rank has in latent attention. Keys and values are one latent for all heads,
 * so that TPA can only duplicate it. In Helix TPA = 1 and KVP = N (Helix Parallelism §2;
 * DeepSeek-R1 in §3). Before the all-to-all every rank attends with all heads over its part of the
 * sequence. After it, rank r has the heads [r·Q/N, (r+1)·Q/N). In tensor parallelism each rank has
 * Q/TPA heads, and the latents of all tokens.
 *
 * @param shape the unsharded layer
 * @param layout the ranks
 * @param kvHeads whether TPA may be more than 1
 * @param owners how many ranks of each KVP group own whole heads after the exchange
 */
public record LatentSharding(LatentShape shape, Layout layout, KvHeads kvHeads, int owners) {
  /**
   * Checks that the layout divides the layer.
   *
   * @throws InvalidInputException naming the rule that the layout breaks
   */
  public LatentSharding {
    if (layout.tpa() != 1 && kvHeads == KvHeads.SPLIT) {
      throw new InvalidInputException("MLA has one latent KV head: TPA must be 1");
    }
    new AttentionSharding(shape.absorbed(), layout, kvHeads, owners);
  }

  /** The sharding of a layer in which TPA is 1, as in Helix. */
  public LatentSharding(LatentShape shape, Layout layout) {
    this(shape, layout, KvHeads.SPLIT, layout.kvp());
  }

  /** The layer as one rank computes it before the all-to-all, with Q/TPA heads. */
  public LatentShape local() {
    return shape.withHeads(absorbed().partialHeads());
  }

  /** Number of query heads that a rank owns after the all-to-all: Q/N. */
  public int ownedHeads() {
    return absorbed().ownedHeads();
  }

  /** The first query head that a rank owns after the all-to-all. */
  public int firstOwnedHead(int rank) {
    return absorbed().firstOwnedHead(rank);
  }

  /** The same sharding for the absorbed form, which is multi-query attention over the latent. */
  public AttentionSharding absorbed() {
    return new AttentionSharding(shape.absorbed(), layout, kvHeads, owners);
  }
}
