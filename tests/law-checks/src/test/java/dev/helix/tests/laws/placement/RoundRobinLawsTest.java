package dev.helix.tests.laws.placement;

import dev.helix.laws.placement.PlacementLaws;
import dev.helix.laws.placement.PlacementUnderTest;
import dev.helix.laws.readings.BuiltInPlacements;

/** Turns of runs, and pages of whole runs. */
class RoundRobinLawsTest implements PlacementLaws {
  @Override
  public PlacementUnderTest placement() {
    return BuiltInPlacements.roundRobin();
  }
}
