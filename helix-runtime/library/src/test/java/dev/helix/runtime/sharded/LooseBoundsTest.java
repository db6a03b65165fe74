package dev.helix.runtime.sharded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.helix.runtime.sharded.DrawnStep.Kind;
import dev.helix.runtime.sharded.tally.Element;
import dev.helix.runtime.sharded.tally.Stage;
import dev.helix.runtime.sharded.verdict.Explanation;
import dev.helix.runtime.sharded.verdict.StageVerdict;
import dev.helix.runtime.sharded.verdict.StepVerdict;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Where bounds are loose, a fault that they do not tell from none explains nothing. */
class LooseBoundsTest {
  private static final int TOKENS = 4096;
  private static final DrawnStep DRAWN =
      new DrawnStep(7, Kind.plain().of(new StepShape(2, 1, 16, 16, 1)), TOKENS);

  /** A token less moves this number by a part of its bound, and no other number is wrong. */
  @Test
  void oneNumberThatIsALittleBeyondItsBoundHasNoNamedFault() {
    ShardedStep right = DRAWN.dumped(new GpuKernel(), new GpuMerge());
    Element far = partial(withFirstLseMoved(right, 1)).tally().worst().orElseThrow();
    double error = right.ranks().get(0).get(StepTensor.PARTIAL_LSE)[0] - far.expected();
    StageVerdict wrong = partial(withFirstLseMoved(right, -1.2 * far.bound() - error));
    assertEquals(1, wrong.tally().wrong());
    assertEquals(List.of(), names(wrong));
    assertTrue(wrong.fit().isEmpty(), wrong.fit()::toString);
  }

  @Test
  void ofSomeMissingTokensTheReportSaysHowManyTheBoundsLeaveOpen() {
    int missing = 24;
    GpuKernel kernel = new GpuKernel();
    kernel.slots =
        (step, rank, token) -> {
          int[] right = GpuKernel.right(step, rank, token);
          return new int[] {0, right[1] - missing};
        };
    StageVerdict wrong = partial(DRAWN.dumped(kernel, new GpuMerge()));
    assertTrue(wrong.isWrong());
    assertTrue(
        names(wrong).stream().noneMatch(name -> name.contains("one token")),
        names(wrong)::toString);
    String fit = wrong.fit().orElseThrow();
    Matcher open =
        Pattern.compile(".*: the bounds do not tell ([0-9]+) from ([0-9]+) missing tokens.*")
            .matcher(fit);
    assertTrue(open.matches(), fit);
    assertTrue(Integer.parseInt(open.group(1)) <= missing, fit);
    assertTrue(Integer.parseInt(open.group(2)) >= missing, fit);
  }

  private static ShardedStep withFirstLseMoved(ShardedStep step, double by) {
    return step.changed(
        rank -> {
          if (rank.rank() > 0) {
            return rank;
          }
          double[] lses = rank.get(StepTensor.PARTIAL_LSE).clone();
          lses[0] += by;
          return rank.with(StepTensor.PARTIAL_LSE, lses);
        });
  }

  private static StageVerdict partial(ShardedStep step) {
    return StepVerdict.of(step, EnumSet.of(Stage.PARTIAL), Map.of(), read -> {})
        .stage(Stage.PARTIAL);
  }

  private static List<String> names(StageVerdict stage) {
    return stage.explanations().stream()
        .flatMap(explanation -> explanation.best().stream())
        .map(Explanation.Fit::fault)
        .toList();
  }
}
