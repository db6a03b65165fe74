package dev.helix.tests.laws.placement;

import dev.helix.laws.placement.PlacementLaws;
import dev.helix.laws.placement.PlacementUnderTest;
import dev.helix.laws.readings.BuiltInPlacements;

/** One part of the sequence on each shard. */
class ContiguousLawsTest implements PlacementLaws {
  @Override
  public PlacementUnderTest placement() {
    return BuiltInPlacements.contiguous();
  }
}
