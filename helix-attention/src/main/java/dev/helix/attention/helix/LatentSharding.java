package dev.helix.attention.helix;

import dev.helix.attention.LatentShape;
import dev.helix.tensor.InvalidInputException;
import dev.helix.tensor.mesh.Layout;

/**
 * Which heads each rank has in latent attention. Keys and values are one latent for all heads, and
 * TPA could only duplicate it. So TPA = 1 and KVP = N (Helix Parallelism §2; DeepSeek-R1 in §3).
 * Before the all-to-all every rank attends with all heads over its part of the sequence. After it,
 * rank r has the heads [r·Q/N, (r+1)·Q/N).
 *
 * @param shape the unsharded layer
 * @param layout the ranks
 */
public record LatentSharding(LatentShape shape, Layout layout) {
  /**
   * Checks that the layout divides the layer.
   *
   * @throws InvalidInputException naming the rule that the layout breaks
   */
  public LatentSharding {
    if (layout.tpa() != 1) {
      throw new InvalidInputException("MLA has one latent KV head: TPA must be 1");
    }
    new AttentionSharding(shape.absorbed(), layout);
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
    return new AttentionSharding(shape.absorbed(), layout);
  }
}
