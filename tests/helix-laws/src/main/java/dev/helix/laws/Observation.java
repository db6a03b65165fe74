package dev.helix.laws;

import java.util.Set;

/**
 * One row of an answer, judged by itself.
 *
 * @param traits of the row and of the question that it stands in
 * @param wrong whether a number of it is beyond its derived bound, or none where one belongs
 */
public record Observation(Set<Trait> traits, boolean wrong) {
  public Observation {
    traits = Set.copyOf(traits);
  }
}
