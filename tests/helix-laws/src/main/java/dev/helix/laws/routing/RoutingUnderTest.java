package dev.helix.laws.routing;

import dev.helix.laws.Seam;
import dev.helix.laws.SeamTrials;
import dev.helix.laws.UnderTest;
import dev.helix.laws.routing.RoutingRule.GroupScore;
import dev.helix.laws.routing.RoutingRule.Scoring;
import dev.helix.tensor.DType;
import java.util.EnumSet;
import java.util.Set;

/** An adapter around the choice of experts. */
public interface RoutingUnderTest extends UnderTest {
  /** The format of logits, biases and weights, in which it also computes, if in no better one. */
  default DType format() {
    return DType.F64;
  }

  /** The scores that it knows; cases ask for no others. */
  default Set<Scoring> scorings() {
    return EnumSet.allOf(Scoring.class);
  }

  /** The group scores that it knows; none, if it has no groups. */
  default Set<GroupScore> groupScores() {
    return EnumSet.allOf(GroupScore.class);
  }

  /**
   * How far its exponential may be off, in units in the last place, as other seams declare it; the
   * rounding of the argument, in whatever base, is allowed for besides.
   */
  default double functionUlps() {
    return 2;
  }

  /** What it adds to a sum before it divides by it, such as 10⁻²⁰. */
  default double normaliser() {
    return 0;
  }

  /** The choice for each token. */
  Routed route(RoutingInput input);

  @Override
  default Seam seam() {
    return Seam.ROUTING;
  }

  @Override
  default SeamTrials<RoutingCase> laws() {
    return new RoutingTrials(this);
  }
}
