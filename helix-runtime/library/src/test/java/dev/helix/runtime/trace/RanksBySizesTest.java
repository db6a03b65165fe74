package dev.helix.runtime.trace;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.helix.runtime.checkpoint.ModelShape;
import dev.helix.runtime.loading.DeployedPrecision;
import dev.helix.runtime.strategy.PlacementRule;
import dev.helix.runtime.strategy.dataparallel.DataParallelStrategy;
import java.util.List;
import org.junit.jupiter.api.Test;

/** One rank is traced for all whose launches have the same sizes. */
class RanksBySizesTest {
  /**
   * Three requests of a group are divided among four ranks. Rows that are left over go to the ranks
   * that follow their sender, so that no two ranks of a group send and receive alike, and every
   * group does what the others do.
   */
  @Test
  void ranksAtTheSamePlaceOfTheirGroupsDispatchAlike() {
    DataParallelStrategy four =
        new DataParallelStrategy(4, 4, 1, PlacementRule.roundRobin(16), false);
    StepTrace step =
        new ShortSteps(
                ModelShape.of("deepseek-r1").config(),
                four,
                DeployedPrecision.FP4,
                new LoadModel.UniformExpectation())
            .bySizes(new StepQueries(12, 100_000));
    assertEquals(
        List.of(
            List.of(0, 4, 8, 12),
            List.of(1, 5, 9, 13),
            List.of(2, 6, 10, 14),
            List.of(3, 7, 11, 15)),
        step.kinds().stream().map(StepTrace.Kind::members).toList());
  }
}
