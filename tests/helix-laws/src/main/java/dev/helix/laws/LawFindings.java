package dev.helix.laws;

import java.util.List;

/**
 * What a run found of one implementation.
 *
 * @param outcomes one for each law
 * @param causes what broke the laws; each broken law is in one
 */
public record LawFindings(List<LawOutcome> outcomes, List<Cause> causes) {
  public LawFindings {
    outcomes = List.copyOf(outcomes);
    causes = List.copyOf(causes);
  }
}
