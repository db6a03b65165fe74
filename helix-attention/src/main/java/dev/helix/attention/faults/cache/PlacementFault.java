package dev.helix.attention.faults.cache;

import dev.helix.attention.faults.AttentionFault;
import dev.helix.attention.faults.RankRole;
import dev.helix.attention.placement.KvPlacement;
import dev.helix.tensor.faults.FaultSeam;
import dev.helix.tensor.faults.FaultStory;
import java.util.function.BiFunction;

/**
 * A fault in what a rank assumes about the placement.
 *
 * @param change makes the placement that the rank assumes
 */
record PlacementFault(FaultStory story, BiFunction<RankRole, KvPlacement, KvPlacement> change)
    implements AttentionFault {
  @Override
  public FaultSeam seam() {
    return FaultSeam.CACHE;
  }

  @Override
  public KvPlacement placement(RankRole role, KvPlacement healthy) {
    return change.apply(role, healthy);
  }
}
