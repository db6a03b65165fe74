package dev.helix.runtime.sharded.onerow;

import dev.helix.attention.QueryToken;
import dev.helix.attention.ScoreRule;
import dev.helix.attention.convention.Convention;
import dev.helix.attention.convention.KernelRoundings;
import dev.helix.attention.convention.NamedConventions;
import dev.helix.runtime.sharded.CacheScales;
import dev.helix.runtime.sharded.CacheVectors;
import dev.helix.runtime.sharded.RankCache;
import dev.helix.runtime.sharded.RankStep;
import dev.helix.runtime.sharded.ShardedStep;
import dev.helix.runtime.sharded.StepFacts;
import dev.helix.runtime.sharded.StepShape;
import dev.helix.runtime.sharded.StepTensor;
import dev.helix.runtime.sharded.TokenOwners;
import dev.helix.runtime.sharded.tally.Stage;
import dev.helix.runtime.sharded.verdict.StepVerdict;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * Steps of one rank, one query and one head, whose keys and queries have one component: a token's
 * score is its key, so that what is expected can be written down as a formula.
 */
final class OneRow {
  private static final Convention CONVENTION = NamedConventions.FLASH_ATTENTION;

  private OneRow() {}

  /**
   * A step.
   *
   * @param scores of the tokens
   * @param values of the tokens, of one component
   * @param dumped what the rank dumped beside its query and cache
   */
  static ShardedStep of(
      KernelRoundings kernel, double[] scores, double[] values, Map<StepTensor, double[]> dumped) {
    int tokens = scores.length;
    ScoreRule plain =
        new ScoreRule(1, OptionalDouble.empty(), OptionalInt.empty(), List.of(), List.of());
    StepFacts facts =
        new StepFacts(
            new StepShape(1, 1, 1, 1, 1),
            List.of(new QueryToken(0, tokens - 1)),
            new TokenOwners(1, new int[] {tokens}, (request, position) -> 0),
            plain,
            new StepFacts.Forms(kernel, CONVENTION, CacheScales.NONE));
    RankCache cache =
        RankCache.dense(1, tokens, CacheVectors.of(scores, 1, 1), CacheVectors.of(values, 1, 1));
    RankStep rank =
        new RankStep(0, dumped, Optional.of(cache)).with(StepTensor.QUERY, new double[] {1});
    return new ShardedStep(facts, List.of(rank));
  }

  /**
   * The verdict on a step whose scores are 0 and whose outputs, before and after the merge, are one
   * number.
   */
  static StepVerdict verdict(KernelRoundings kernel, double[] values, double got) {
    ShardedStep step =
        of(
            kernel,
            new double[values.length],
            values,
            Map.of(
                StepTensor.PARTIAL_OUTPUT, new double[] {got},
                StepTensor.MERGED_OUTPUT, new double[] {got}));
    return StepVerdict.of(step, EnumSet.of(Stage.PARTIAL, Stage.WHOLE), Map.of(), read -> {});
  }
}
