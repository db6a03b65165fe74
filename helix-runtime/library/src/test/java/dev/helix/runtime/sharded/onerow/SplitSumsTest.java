package dev.helix.runtime.sharded.onerow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.helix.attention.convention.KernelRoundings;
import dev.helix.attention.convention.NamedConventions;
import dev.helix.runtime.sharded.ShardedStep;
import dev.helix.runtime.sharded.StepTensor;
import dev.helix.runtime.sharded.reference.Digits;
import dev.helix.runtime.sharded.reference.LocalReading;
import dev.helix.runtime.sharded.reference.PartialReference;
import dev.helix.runtime.sharded.stages.RightStates;
import dev.helix.runtime.sharded.tally.Stage;
import dev.helix.runtime.sharded.verdict.StepVerdict;
import dev.helix.runtime.sharded.verdict.Suspicion;
import dev.helix.tensor.DType;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The LSE of 6,000 tokens of one weight, ln 6000, off by no more than any order of sums allows. */
class SplitSumsTest {
  private static final int LONG = 6_000;
  private static final KernelRoundings SINGLE =
      KernelRoundings.of(NamedConventions.FLASH_ATTENTION);

  @Test
  void whatTheAdditionsOfSplitsExplainIsNotSuspectedAndMoreIs() {
    double explained = bound(SINGLE.longestSum(1024));
    assertEquals(Optional.empty(), suspected(offBy(SINGLE, 0.99 * explained)));
    assertTrue(suspected(offBy(SINGLE, 1.01 * explained)).isPresent());
  }

  @Test
  void aKernelIsNotSuspectedWhoseSumsAreStatedOrInDoublePrecision() {
    KernelRoundings stated = SINGLE.longestSum(LONG);
    assertEquals(Optional.empty(), suspected(offBy(stated, 1.5 * bound(SINGLE.longestSum(1024)))));
    KernelRoundings doubles =
        new KernelRoundings(
            DType.F64,
            SINGLE.weights(),
            SINGLE.output(),
            SINGLE.functionUlps(),
            KernelRoundings.ANY_ORDER);
    assertEquals(
        Optional.empty(), suspected(offBy(doubles, 1.5 * bound(doubles.longestSum(1024)))));
  }

  private static ShardedStep offBy(KernelRoundings kernel, double nats) {
    return OneRow.of(
        kernel,
        new double[LONG],
        new double[LONG],
        Map.of(StepTensor.PARTIAL_LSE, new double[] {Math.log(LONG) + nats}));
  }

  private static double bound(KernelRoundings kernel) {
    ShardedStep step = offBy(kernel, 0);
    return new PartialReference(step.facts(), read -> {})
        .of(step.ranks().get(0), LocalReading.of(step.facts()))
        .lseBound(0);
  }

  private static Optional<StepVerdict> suspected(ShardedStep step) {
    RightStates right = new RightStates(step, Digits.DOUBLE, read -> {});
    StepVerdict verdict = StepVerdict.of(right, EnumSet.of(Stage.PARTIAL, Stage.WHOLE), Map.of());
    assertFalse(verdict.isWrong(), () -> "" + verdict.stage(Stage.PARTIAL).tally().worst());
    return Suspicion.of(right, verdict, Map.of());
  }
}
