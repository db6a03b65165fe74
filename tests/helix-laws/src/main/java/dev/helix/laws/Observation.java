package dev.helix.laws;

import java.util.Set;

/**
 * The judgement of one row of an answer.
 *
 * @param traits traits of the row and of the question that it belongs to
 * @param wrong whether a number of the row is beyond its derived bound, or missing
 */
public record Observation(Set<Trait> traits, boolean wrong) {
  public Observation {
    traits = Set.copyOf(traits);
  }
}
