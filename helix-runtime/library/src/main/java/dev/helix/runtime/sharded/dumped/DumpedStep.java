package dev.helix.runtime.sharded.dumped;

import dev.helix.runtime.dump.Moment;
import dev.helix.runtime.sharded.ShardedStep;
import dev.helix.runtime.sharded.stages.RightStates;
import dev.helix.runtime.sharded.tally.Stage;
import java.util.List;
import java.util.Map;

/**
 * A decode step of one layer and one KVP group that was read from a dump.
 *
 * @param moment the decode step and the layer
 * @param firstRank the rank of the dump that is rank 0 of the group
 * @param facts its tensors and facts, and what was found out about them
 */
public record DumpedStep(Moment moment, int firstRank, FoundFacts facts) {
  /** The step with its true states, as far as they were needed to find out the facts. */
  public RightStates right() {
    return facts.right();
  }

  /** The step's tensors and facts. */
  public ShardedStep step() {
    return facts.step();
  }

  /** What was taken for granted or found out, one sentence each. */
  public List<String> remarks() {
    return facts.remarks();
  }

  /** For stages that cannot be judged without another fact, what has to be said. */
  public Map<Stage, String> unknown() {
    return facts.unknown();
  }
}
