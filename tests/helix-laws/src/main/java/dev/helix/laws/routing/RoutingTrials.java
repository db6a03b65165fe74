package dev.helix.laws.routing;

import dev.helix.laws.Law;
import dev.helix.laws.SeamTrials;
import dev.helix.laws.Trial;
import java.util.List;

/** The laws of routing, as they are held against one implementation. */
record RoutingTrials(RoutingUnderTest subject) implements SeamTrials<RoutingCase> {
  @Override
  public List<RoutingCase> cases(long seed, int count) {
    return RoutingDrawing.cases(subject).of(seed, count);
  }

  @Override
  public Trial trial(Law law, RoutingCase given) {
    return new RoutingTrial(law, subject, given);
  }

  @Override
  public String inFull(RoutingCase given) {
    return given.inFull();
  }

  @Override
  public List<RoutingCase> simpler(RoutingCase given) {
    return given.simpler();
  }
}
