package dev.helix.runtime.sharded.verdict;

import dev.helix.attention.placement.ContiguousPlacement;
import dev.helix.runtime.sharded.OwnerRule;
import dev.helix.runtime.sharded.ShardedStep;
import dev.helix.runtime.sharded.StepTensor;
import dev.helix.runtime.sharded.TokenOwners;
import dev.helix.runtime.sharded.stages.OwnershipJudge;
import dev.helix.runtime.sharded.stages.RightStates;
import dev.helix.runtime.sharded.tally.Stage;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Another placement under which all is right, where the ownership is wrong. A dump whose placement
 * is said wrongly has local lengths that seem to be those of another rule.
 *
 * @param runLength the length of runs that are dealt round robin; empty if each rank has one
 *     contiguous part
 */
public record OtherPlacement(OptionalInt runLength) {
  /** Longer runs than kernels have pages are not tried. */
  private static final int MOST_RUN = 1024;

  /**
   * The placements under which all local lengths and page tables, and the stages that depend on
   * them, hold: where the lengths are those of several rules, nothing tells these apart. There are
   * none if the ownership is right, or if what is wrong is wrong under each rule.
   *
   * @param right the references by which the step was judged
   */
  public static List<OtherPlacement> of(RightStates right, StepVerdict verdict) {
    Set<Stage> stages = EnumSet.noneOf(Stage.class);
    for (StageVerdict stage : verdict.stages()) {
      boolean ofTokens = stage.stage() == Stage.PARTIAL || stage.stage() == Stage.WHOLE;
      if (stage.isChecked() && (ofTokens || stage.stage() == Stage.OWNERSHIP)) {
        stages.add(stage.stage());
      }
    }
    ShardedStep step = right.step();
    boolean dealt = step.facts().owners().kvp() > 1 && step.has(StepTensor.LOCAL_LENGTHS);
    if (!dealt || !stages.contains(Stage.OWNERSHIP) || !verdict.stage(Stage.OWNERSHIP).isWrong()) {
      return List.of();
    }
    List<OtherPlacement> fitting =
        candidates().filter(each -> new OwnershipJudge(each.of(step)).holds()).toList();
    return fitting.stream().findFirst().filter(each -> each.holds(right, stages)).isPresent()
        ? fitting
        : List.of();
  }

  private static Stream<OtherPlacement> candidates() {
    return Stream.concat(
        Stream.of(new OtherPlacement(OptionalInt.empty())),
        IntStream.iterate(1, run -> run <= MOST_RUN, run -> 2 * run)
            .mapToObj(run -> new OtherPlacement(OptionalInt.of(run))));
  }

  private boolean holds(RightStates right, Set<Stage> stages) {
    RightStates dealt = new RightStates(of(right.step()), right.digits(), tokens -> {});
    return !StepVerdict.of(dealt, stages, Map.of()).isWrong();
  }

  private ShardedStep of(ShardedStep step) {
    TokenOwners said = step.facts().owners();
    int[] lengths = IntStream.range(0, said.requests()).map(said::length).toArray();
    OwnerRule rule =
        runLength.isPresent()
            ? OwnerRule.roundRobin(said.kvp(), runLength.getAsInt(), 0)
            : (request, position) ->
                new ContiguousPlacement(said.kvp(), Math.max(1, lengths[request])).owner(position);
    return step.under(step.facts().with(new TokenOwners(said.kvp(), lengths, rule)));
  }
}
