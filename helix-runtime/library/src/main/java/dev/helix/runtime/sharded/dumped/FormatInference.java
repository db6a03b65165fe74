package dev.helix.runtime.sharded.dumped;

import dev.helix.runtime.sharded.ShardedStep;
import dev.helix.runtime.sharded.stages.Judge;
import dev.helix.runtime.sharded.stages.MergeJudge;
import dev.helix.runtime.sharded.stages.PartialJudge;
import dev.helix.runtime.sharded.stages.RightStates;
import dev.helix.runtime.sharded.stages.Scope;
import dev.helix.runtime.sharded.stages.WholeJudge;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Chooses between BF16 and FP16 where all outputs are numbers of both. Below 2<sup>−16</sup> FP16
 * has fewer digits than BF16, so that its numbers are numbers of BF16 too, and are wrong as such.
 */
final class FormatInference {
  /** What is said where FP16 is chosen. */
  static final String REMARK =
      "outputs are numbers of BF16 and of FP16; they are judged as FP16, which explains more of"
          + " them";

  private FormatInference() {}

  /** Whether outputs are explained better as numbers of FP16 than as those of BF16. */
  static boolean isF16(FoundFacts asBf16, FoundFacts asF16) {
    return unexplained(asF16) < unexplained(asBf16);
  }

  private static long unexplained(FoundFacts found) {
    RightStates right = found.right();
    ShardedStep step = right.step();
    Set<Integer> ranks =
        IntStream.range(0, step.ranks().size()).boxed().collect(Collectors.toSet());
    long unexplained = 0;
    for (Judge judge :
        List.of(
            new PartialJudge(step, right),
            new MergeJudge(step),
            new WholeJudge(step, right, right.digits()))) {
      if (judge.lacking().isEmpty() && !found.unknown().containsKey(judge.stage())) {
        unexplained += judge.compare(new Scope(ranks, Set.of())).unexplained();
      }
    }
    return unexplained;
  }
}
