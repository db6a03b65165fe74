package dev.helix.runtime.cli.laws;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.helix.laws.LawOutcome;
import java.util.List;
import java.util.Optional;

/**
 * What {@code helix laws} and {@code helix museum} write with {@code --json}.
 *
 * @param seed of the cases
 * @param cases of each law
 * @param outcomes one for each implementation and law
 */
record LawsReport(long seed, int cases, List<Outcome> outcomes) {
  /**
   * @param comparisons made; if there were none, the law is not checked
   * @param worstShare the largest error as a share of its bound
   * @param violation left out where the law holds
   */
  @JsonInclude(JsonInclude.Include.NON_ABSENT)
  record Outcome(
      String implementation,
      String law,
      int number,
      boolean holds,
      int cases,
      int calls,
      int comparisons,
      double worstShare,
      Optional<String> violation) {
    static Outcome of(String implementation, LawOutcome outcome) {
      return new Outcome(
          implementation,
          outcome.law().label(),
          outcome.law().number(),
          outcome.holds(),
          outcome.cases(),
          outcome.calls(),
          outcome.comparisons(),
          outcome.worstShare(),
          outcome.violation());
    }
  }
}
