package dev.helix.runtime.sharded.verdict;

import dev.helix.runtime.sharded.tally.Stage;
import dev.helix.runtime.sharded.tally.Tally;
import java.util.List;
import java.util.Optional;

/**
 * What was found about one stage.
 *
 * @param stage the stage
 * @param lacking what the dump lacks for it; the stage was then not checked
 * @param tally the comparison of all elements; none are compared if the stage was not checked
 * @param explanations known faults that explain what is wrong
 * @param follows whether other stages are wrong wherever this one is, so that it says nothing new;
 *     nothing is then explained
 * @param fit the tokens to which the worst row fits, in words; empty if it fits to no part of them
 */
public record StageVerdict(
    Stage stage,
    Optional<String> lacking,
    Tally tally,
    List<Explanation> explanations,
    boolean follows,
    Optional<String> fit) {
  public StageVerdict {
    explanations = List.copyOf(explanations);
  }

  /** A stage that was not checked. */
  static StageVerdict unchecked(Stage stage, String lacking) {
    return new StageVerdict(
        stage, Optional.of(lacking), new Tally(), List.of(), false, Optional.empty());
  }

  /** A stage none of whose numbers has a finite bound. */
  static StageVerdict unbounded(Stage stage, Tally tally) {
    String lacking =
        "finite bounds, which sums of so many tokens in any order do not have: give --longest-sum";
    return new StageVerdict(stage, Optional.of(lacking), tally, List.of(), false, Optional.empty());
  }

  /** A stage whose elements are wrong only where other stages are wrong. */
  static StageVerdict following(Stage stage, Tally tally) {
    return new StageVerdict(stage, Optional.empty(), tally, List.of(), true, Optional.empty());
  }

  /** Whether elements were compared. */
  public boolean isChecked() {
    return tally.elements() > 0;
  }

  /** Whether an element is beyond its bound. */
  public boolean isWrong() {
    return tally.wrong() > 0;
  }
}
