package dev.helix.runtime.sharded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.helix.attention.ScoreRule;
import dev.helix.runtime.sharded.reference.Digits;
import dev.helix.runtime.sharded.stages.RightStates;
import dev.helix.runtime.sharded.tally.Stage;
import dev.helix.runtime.sharded.verdict.Explanation;
import dev.helix.runtime.sharded.verdict.StepVerdict;
import dev.helix.runtime.sharded.verdict.Suspicion;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A long context whose fault the bound of sums in any order hides. */
class SuspicionTest {
  private static final int TOKENS = 24_000;
  private static final StepShape SHAPE = new StepShape(4, 1, 8, 8, 4);

  private final DrawnStep drawn = new DrawnStep(5, DrawnStep.Kind.plain().of(SHAPE), TOKENS);
  private final ShardedStep step = drawn.dumped(new GpuKernel(), new GpuMerge());

  @Test
  void aRightStepIsNotSuspected() {
    assertEquals(Optional.empty(), suspected(step));
  }

  /** Judged by a scale that is off by 16 in 100,000, which moves LSEs by 7 in 10,000. */
  @Test
  void aScaleThatIsALittleOffIsSuspectedAndNamed() {
    StepFacts facts = step.facts();
    ScoreRule rule = facts.scores();
    ScoreRule other =
        new ScoreRule(
            1.00016 * rule.scale(),
            rule.softCap(),
            rule.window(),
            rule.sinks(),
            rule.alibiSlopes());
    StepFacts off = new StepFacts(SHAPE, facts.tokens(), facts.owners(), other, facts.forms());
    StepVerdict split = suspected(step.under(off)).orElseThrow();
    List<String> faults =
        split.stage(Stage.PARTIAL).explanations().get(0).best().stream()
            .map(Explanation.Fit::fault)
            .toList();
    assertTrue(faults.contains("softmax scale 1/√8"), faults::toString);
  }

  private static Optional<StepVerdict> suspected(ShardedStep step) {
    RightStates right = new RightStates(step, Digits.DOUBLE, read -> {});
    StepVerdict verdict = StepVerdict.of(right, EnumSet.of(Stage.PARTIAL, Stage.WHOLE), Map.of());
    assertFalse(verdict.isWrong(), () -> "" + verdict.stage(Stage.PARTIAL).tally().worst());
    return Suspicion.of(right, verdict, Map.of());
  }
}
