package dev.helix.runtime.sharded.verdict;

import dev.helix.attention.convention.Convention;
import dev.helix.attention.convention.LogBase;
import dev.helix.runtime.sharded.ShardedStep;
import dev.helix.runtime.sharded.StepFacts;
import dev.helix.runtime.sharded.stages.RightStates;
import dev.helix.runtime.sharded.tally.Stage;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Whether what is wrong is right if log-sum-exps are in the other base. A dump whose base is said
 * wrongly has a kernel that seems to report LSEs in the wrong base, and a merge that seems to
 * misread them, while the whole is right.
 */
public final class OtherBase {
  private OtherBase() {}

  /**
   * The base in which all stages of log-sum-exps hold, where the partial attention is wrong.
   *
   * @param right the references by which the step was judged
   * @param unknown for stages that cannot be judged without another fact, what has to be said
   */
  public static Optional<LogBase> of(
      RightStates right, StepVerdict verdict, Map<Stage, String> unknown) {
    Set<Stage> stages = EnumSet.noneOf(Stage.class);
    for (StageVerdict stage : verdict.stages()) {
      if (stage.isChecked() && (stage.stage() == Stage.PARTIAL || stage.stage() == Stage.MERGE)) {
        stages.add(stage.stage());
      }
    }
    if (!stages.contains(Stage.PARTIAL) || !verdict.stage(Stage.PARTIAL).isWrong()) {
      return Optional.empty();
    }
    ShardedStep step = right.step();
    StepFacts.Forms forms = step.facts().forms();
    Convention convention = forms.convention();
    LogBase other = convention.base() == LogBase.TWO ? LogBase.E : LogBase.TWO;
    StepFacts.Forms changed =
        new StepFacts.Forms(
            forms.kernel(), convention.with(convention.weights().in(other)), forms.cache());
    RightStates under = right.under(step.under(step.facts().with(changed)));
    return StepVerdict.of(under, stages, unknown).isWrong() ? Optional.empty() : Optional.of(other);
  }
}
