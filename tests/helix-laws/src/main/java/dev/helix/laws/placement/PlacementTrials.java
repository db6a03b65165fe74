package dev.helix.laws.placement;

import dev.helix.laws.Law;
import dev.helix.laws.SeamTrials;
import dev.helix.laws.Trial;
import java.util.List;

/** The laws of placement, as they are held against one implementation. */
record PlacementTrials(PlacementUnderTest subject) implements SeamTrials<PlacementCase> {
  @Override
  public List<PlacementCase> cases(long seed, int count) {
    return PlacementDrawing.cases(subject.rules()).of(seed, count);
  }

  @Override
  public Trial trial(Law law, PlacementCase given) {
    return new PlacementTrial(law, subject, given);
  }

  @Override
  public List<PlacementCase> simpler(PlacementCase given) {
    return given.simpler();
  }
}
