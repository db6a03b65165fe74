package dev.helix.laws;

import java.util.List;

/**
 * The findings of a run of the laws about one implementation.
 *
 * @param outcomes one for each law
 * @param causes the causes that broke laws; each broken law is in one of them
 */
public record LawFindings(List<LawOutcome> outcomes, List<Cause> causes) {
  public LawFindings {
    outcomes = List.copyOf(outcomes);
    causes = List.copyOf(causes);
  }
}
