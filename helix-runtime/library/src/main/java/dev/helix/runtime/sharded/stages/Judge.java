package dev.helix.runtime.sharded.stages;

import dev.helix.runtime.sharded.tally.Stage;
import dev.helix.runtime.sharded.tally.Tally;
import java.util.List;
import java.util.Optional;

/** Judges one stage of a step. */
public interface Judge {
  /** The stage that it judges. */
  Stage stage();

  /** Says what the dump lacks for this stage; empty if it lacks nothing. */
  Optional<String> lacking();

  /**
   * Compares the dumped elements of a scope with the expected ones.
   *
   * @param tally counts those that it is made to count
   */
  void compare(Scope scope, Tally tally);

  /** Compares the dumped elements of a scope with the expected ones. */
  default Tally compare(Scope scope) {
    Tally tally = new Tally(scope::has);
    compare(scope, tally);
    return tally;
  }

  /** The known faults of this stage, the likeliest first. */
  List<Suspect> suspects();
}
