package dev.helix.runtime.sharded.stages;

import dev.helix.runtime.sharded.RankStep;
import dev.helix.runtime.sharded.reference.RowStates;
import dev.helix.runtime.sharded.tally.Tally;
import java.util.function.IntPredicate;

/** Compares dumped elements with what follows from given partial states. */
@FunctionalInterface
interface StateComparison {
  /** Compares the elements of a scope. */
  void compare(Scope scope, Source states, Tally tally);

  /** The partial states that each rank would have computed. */
  @FunctionalInterface
  interface Source {
    /** The states of a rank; rows of tokens that are not wanted are empty. */
    RowStates of(RankStep rank, IntPredicate wanted);
  }
}
