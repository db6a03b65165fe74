package dev.helix.runtime.strategy.helix;

import dev.helix.runtime.strategy.PlacementRule;
import dev.helix.tensor.mesh.Layout;

/**
 * Helix Parallelism (§2): attention over KVP × TPA ranks, the FFN over the same ranks as TPF × EP.
 *
 * @param layout what each rank is in both phases
 * @param placement which tokens of a request a shard of the KV cache keeps
 * @param hopB whether attention and its exchange are launched for each request by itself, so that
 *     they can overlap (Helix Parallelism §2, Fig. 3): no number changes by it
 */
public record HelixStrategy(Layout layout, PlacementRule placement, boolean hopB) {
  /** The strategy without HOP-B. */
  public HelixStrategy(Layout layout, PlacementRule placement) {
    this(layout, placement, false);
  }
}
