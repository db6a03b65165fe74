package dev.helix.runtime.sharded.dumped;

import dev.helix.runtime.dump.Moment;
import dev.helix.runtime.sharded.ShardedStep;
import dev.helix.runtime.sharded.stages.RightStates;
import dev.helix.runtime.sharded.tally.Stage;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * A decode step of one layer and one KVP group that was read from a dump.
 *
 * @param moment the decode step and the layer
 * @param firstRank the rank of the dump that is rank 0 of the group
 * @param right its tensors and facts, with the true states as far as they were needed to find out
 *     the facts
 * @param remarks what was taken for granted or found out, one sentence each
 * @param unknown for stages that cannot be judged without another fact, what has to be said
 */
public record DumpedStep(
    Moment moment,
    int firstRank,
    RightStates right,
    List<String> remarks,
    Map<Stage, String> unknown) {
  public DumpedStep {
    remarks = List.copyOf(remarks);
    Map<Stage, String> copy = new EnumMap<>(Stage.class);
    copy.putAll(unknown);
    unknown = copy;
  }

  /** The step's tensors and facts. */
  public ShardedStep step() {
    return right.step();
  }
}
