package dev.helix.runtime.sharded.dumped;

import dev.helix.runtime.sharded.ShardedStep;
import dev.helix.runtime.sharded.stages.RightStates;
import dev.helix.runtime.sharded.tally.Stage;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What was found out about a step beside what is given.
 *
 * @param right the step with its true states, as far as they were needed
 * @param remarks what was taken for granted or found out, one sentence each
 * @param unknown for stages that cannot be judged without another fact, what has to be said
 * @param undecided those of these stages whose numbers are beyond their bounds as far as the facts
 *     are known, and so few that nothing else can be said of them
 */
public record FoundFacts(
    RightStates right, List<String> remarks, Map<Stage, String> unknown, Set<Stage> undecided) {
  public FoundFacts {
    remarks = List.copyOf(remarks);
    Map<Stage, String> copy = new EnumMap<>(Stage.class);
    copy.putAll(unknown);
    unknown = copy;
    undecided = Set.copyOf(undecided);
  }

  /** The step in the forms that were found out. */
  ShardedStep step() {
    return right.step();
  }
}
