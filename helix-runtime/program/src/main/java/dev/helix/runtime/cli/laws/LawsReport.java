package dev.helix.runtime.cli.laws;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.helix.laws.Cause;
import dev.helix.laws.Law;
import dev.helix.laws.LawOutcome;
import dev.helix.laws.LawViolation;
import java.util.List;
import java.util.Optional;

/**
 * The report that {@code helix laws --json} writes.
 *
 * @param seed the seed of the cases
 * @param cases number of cases of each law
 * @param passed whether a law was checked and none is broken
 * @param largest how long the axes of cases were, by seam
 * @param outcomes one for each implementation and law
 * @param causes one for each cause that broke laws of an implementation
 */
record LawsReport(
    long seed,
    int cases,
    boolean passed,
    List<LargestSize> largest,
    List<Outcome> outcomes,
    List<ToldCause> causes) {
  /** The largest size of one axis in the cases of one seam. */
  record LargestSize(String seam, String axis, int size) {}

  /**
   * The outcome of one law for one implementation.
   *
   * @param holds whether no case broke the law; left out if it is not checked
   * @param comparisons number of comparisons that were made; if there were none, the law is not
   *     checked
   * @param worstShare the largest error as a share of its bound
   * @param violation left out if the law holds
   */
  @JsonInclude(JsonInclude.Include.NON_ABSENT)
  record Outcome(
      String implementation,
      String law,
      int number,
      Optional<Boolean> holds,
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
          outcome.checked() ? Optional.of(outcome.holds()) : Optional.empty(),
          outcome.cases(),
          outcome.calls(),
          outcome.comparisons(),
          outcome.worstShare(),
          outcome.broken().map(LawViolation::withoutDiagnosis));
    }
  }

  /**
   * One cause that broke laws of an implementation.
   *
   * @param law the law under which the cause is reported
   * @param alsoBroken other laws that are broken by the same rows
   * @param rows which rows are wrong, if more than one law is broken
   * @param diagnosis the known fault that gives all answers, if there is one
   */
  @JsonInclude(JsonInclude.Include.NON_ABSENT)
  record ToldCause(
      String implementation,
      String law,
      List<String> alsoBroken,
      Optional<String> rows,
      Optional<Named> diagnosis) {
    static ToldCause of(String implementation, Cause cause) {
      return new ToldCause(
          implementation,
          cause.shown().label(),
          cause.more().stream().map(Law::label).toList(),
          cause.rows(),
          cause
              .diagnosis()
              .map(found -> new Named(found.fault(), found.elements(), found.equally())));
    }
  }

  /**
   * A known fault that gives the answers of an implementation.
   *
   * @param fault its name, and where it was seen
   * @param elements number of elements of the answers, all of which the fault gives
   * @param equally other faults that give all of them, too
   */
  record Named(String fault, int elements, List<String> equally) {}
}
