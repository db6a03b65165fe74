package dev.helix.runtime.strategy.helix;

import dev.helix.ffn.helix.MoeExchange;
import dev.helix.runtime.strategy.PlacementRule;
import dev.helix.runtime.strategy.Strategy;
import dev.helix.runtime.strategy.group.GroupPlan;
import dev.helix.runtime.strategy.group.HeadSplit;
import dev.helix.runtime.strategy.group.OneGroupStrategy;
import dev.helix.tensor.mesh.Layout;

/**
 * Helix Parallelism (§2), which runs attention on KVP × TPA ranks, and the FFN on the same ranks as
 * TPF × EP. Between the parts every rank has the whole hidden state.
 *
 * @param layout what each rank is in both phases
 * @param placement which tokens of a request a shard of the KV cache keeps
 * @param hopB whether attention and its exchange are launched for each request by itself, so that
 *     they can overlap (Helix Parallelism §2, Fig. 3); this changes no number
 * @param moe what the ranks exchange for experts
 */
public record HelixStrategy(Layout layout, PlacementRule placement, boolean hopB, MoeExchange moe)
    implements OneGroupStrategy {
  /** The strategy with the default exchange for experts. */
  public HelixStrategy(Layout layout, PlacementRule placement, boolean hopB) {
    this(layout, placement, hopB, MoeExchange.DEFAULT);
  }

  /** The strategy without HOP-B. */
  public HelixStrategy(Layout layout, PlacementRule placement) {
    this(layout, placement, false);
  }

  /**
   * The Helix strategy of a run, for reports about Helix's layout.
   *
   * @throws IllegalArgumentException if the run has another strategy
   */
  public static HelixStrategy of(Strategy strategy) {
    if (strategy instanceof HelixStrategy helix) {
      return helix;
    }
    throw new IllegalArgumentException("expected the Helix strategy, got " + strategy);
  }

  @Override
  public GroupPlan plan() {
    return new GroupPlan(layout, placement, hopB, HeadSplit.HELIX, moe);
  }
}
