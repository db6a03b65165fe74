package dev.helix.runtime.sharded.onerow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.helix.attention.convention.KernelRoundings;
import dev.helix.runtime.sharded.ShardedStep;
import dev.helix.runtime.sharded.StepTensor;
import dev.helix.runtime.sharded.tally.Stage;
import dev.helix.runtime.sharded.verdict.StageVerdict;
import dev.helix.runtime.sharded.verdict.StepVerdict;
import dev.helix.tensor.DType;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Which tokens a wrong log-sum-exp is said to fit to. */
class TokenFitTest {
  private static final KernelRoundings EXACT =
      new KernelRoundings(DType.F64, DType.F64, DType.F64, 1, 1);

  /** Tokens of equal scores 0: the LSE of n of them is ln n. */
  private static final int TOKENS = 4;

  @Test
  void partOfTheTokensIsNamed() {
    assertEquals(
        Optional.of("fits the first 3 of its 4 tokens, by one LSE alone"), fit(Math.log(3)));
  }

  @Test
  void allOfTheTokensAreNoPart() {
    assertEquals(Optional.empty(), fit(Math.log(TOKENS) + 5e-13));
  }

  /** No farther than by what is rounded, though it is nearer to them than to any others. */
  @Test
  void whatIsNearTheFirstTokensDoesNotFitThem() {
    assertEquals(Optional.empty(), fit(Math.log(3) + 5e-13));
  }

  private static Optional<String> fit(double lse) {
    ShardedStep step =
        OneRow.of(
            EXACT,
            new double[TOKENS],
            new double[TOKENS],
            Map.of(StepTensor.PARTIAL_LSE, new double[] {lse}));
    StageVerdict partial =
        StepVerdict.of(step, EnumSet.of(Stage.PARTIAL), Map.of(), read -> {}).stage(Stage.PARTIAL);
    assertTrue(partial.isWrong());
    return partial.fit();
  }
}
