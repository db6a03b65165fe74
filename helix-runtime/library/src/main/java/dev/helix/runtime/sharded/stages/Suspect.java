package dev.helix.runtime.sharded.stages;

import dev.helix.runtime.sharded.tally.Tally;

/**
 * A known fault, applied to the reference.
 *
 * @param name what the fault does, in a few words
 * @param trial compares the dumped elements of some ranks and tokens with what a program that has
 *     the fault would have computed
 */
public record Suspect(String name, Trial trial) {
  /** Compares with what a program that has the fault would have computed. */
  @FunctionalInterface
  public interface Trial {
    /**
     * Compares the dumped elements of a scope.
     *
     * @param tally counts those that it is made to count
     */
    void compare(Scope scope, Tally tally);
  }

  /** Compares the dumped elements of a scope with those of the fault. */
  public Tally tried(Scope scope) {
    Tally tally = new Tally(scope::has);
    trial.compare(scope, tally);
    return tally;
  }
}
