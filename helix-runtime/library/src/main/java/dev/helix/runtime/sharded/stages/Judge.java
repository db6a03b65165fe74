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

  /** Compares the dumped elements of a scope with the expected ones. */
  Tally compare(Scope scope);

  /** The known faults of this stage, the likeliest first. */
  List<Suspect> suspects();
}
