package dev.helix.laws.routing.files;

import dev.helix.laws.routing.RoutingRule.GroupScore;
import dev.helix.laws.routing.RoutingRule.Scoring;
import dev.helix.tensor.DType;
import java.util.Set;

/**
 * The declarations of a router that is a program.
 *
 * @param format the format of logits, biases and weights
 * @param scorings the kinds of scores that it knows
 * @param groupScores the kinds of group scores that it knows; empty if it has no groups
 */
public record RouterDeclaration(DType format, Set<Scoring> scorings, Set<GroupScore> groupScores) {
  public RouterDeclaration {
    scorings = Set.copyOf(scorings);
    groupScores = Set.copyOf(groupScores);
  }
}
