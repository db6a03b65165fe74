package dev.helix.attention.faults.cache;

import dev.helix.attention.faults.AttentionFault;
import dev.helix.attention.faults.RankPlace;
import dev.helix.attention.placement.KvPlacement;
import dev.helix.tensor.faults.FaultSeam;
import dev.helix.tensor.faults.FaultStory;
import java.util.function.BiFunction;

/**
 * A fault in what a rank believes of the placement.
 *
 * @param change makes the placement that a rank goes by
 */
record PlacementFault(FaultStory story, BiFunction<RankPlace, KvPlacement, KvPlacement> change)
    implements AttentionFault {
  @Override
  public FaultSeam seam() {
    return FaultSeam.CACHE;
  }

  @Override
  public KvPlacement placement(RankPlace place, KvPlacement healthy) {
    return change.apply(place, healthy);
  }
}
