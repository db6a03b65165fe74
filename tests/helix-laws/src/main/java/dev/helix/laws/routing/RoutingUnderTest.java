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

  /** The kinds of scores that the router knows. Cases use no others. */
  default Set<Scoring> scorings() {
    return EnumSet.allOf(Scoring.class);
  }

  /** The kinds of group scores that the router knows; empty if it has no groups. */
  default Set<GroupScore> groupScores() {
    return EnumSet.allOf(GroupScore.class);
  }

  /**
   * The largest error of the router's exponential, in units in the last place. The rounding of its
   * argument, in any base, is allowed for separately.
   */
  default double functionUlps() {
    return 2;
  }

  /** The number that the router adds to a sum before it divides by it, such as 10⁻²⁰. */
  default double normaliser() {
    return 0;
  }

  /** Chooses the experts of each token. */
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
