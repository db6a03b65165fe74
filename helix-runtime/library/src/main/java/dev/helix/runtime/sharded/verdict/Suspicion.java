package dev.helix.runtime.sharded.verdict;

import dev.helix.attention.convention.KernelRoundings;
import dev.helix.runtime.sharded.stages.RightStates;
import dev.helix.runtime.sharded.tally.Stage;
import dev.helix.tensor.DType;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What would be wrong with a step if its kernels added up long contexts in splits. Nobody promises
 * that, and a kernel that adds up one token after the other may be right, so this convicts nobody.
 * But most keep it: vLLM's paged attention has partitions of 512 tokens; in a tensor core a number
 * passes an addition for every 16 tokens, and in the sum of weights of FlashAttention one for every
 * fourth, of a split.
 */
public final class Suspicion {
  /** The additions, and the rescalings, that a number then passes at most. */
  public static final int LONGEST_SUM = 1024;

  private Suspicion() {}

  /**
   * The stages that would be wrong; empty if none would be, or if one is wrong in any case.
   *
   * @param right the references by which the step was judged
   * @param unknown for stages that cannot be judged without another fact, what has to be said
   */
  public static Optional<StepVerdict> of(
      RightStates right, StepVerdict verdict, Map<Stage, String> unknown) {
    KernelRoundings kernel = right.step().facts().forms().kernel();
    Set<Stage> stages = EnumSet.noneOf(Stage.class);
    for (StageVerdict stage : verdict.stages()) {
      boolean ofTokens = stage.stage() == Stage.PARTIAL || stage.stage() == Stage.WHOLE;
      if (ofTokens && (stage.isChecked() || stage.tally().unbounded() > 0)) {
        stages.add(stage.stage());
      }
    }
    if (verdict.isWrong()
        || stages.isEmpty()
        || kernel.longestSum() != KernelRoundings.ANY_ORDER
        || kernel.sums() == DType.F64) {
      return Optional.empty();
    }
    StepVerdict split =
        StepVerdict.of(right.under(kernel.longestSum(LONGEST_SUM)), stages, unknown);
    List<StageVerdict> wrong = split.stages().stream().filter(StageVerdict::isWrong).toList();
    return wrong.isEmpty() ? Optional.empty() : Optional.of(new StepVerdict(split.step(), wrong));
  }
}
