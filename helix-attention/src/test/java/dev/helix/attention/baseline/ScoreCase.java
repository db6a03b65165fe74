package dev.helix.attention.baseline;

import dev.helix.attention.ScoreRule;
import dev.helix.attention.placement.ContiguousPlacement;
import dev.helix.attention.placement.KvPlacement;
import dev.helix.attention.placement.RoundRobinPlacement;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/** Tokens of a request, how they are placed, and what is made of the scores. */
public record ScoreCase(ScoreProblem problem, KvPlacement placement, ScoreRule rule, long seed) {
  @Override
  public String toString() {
    return "%d tokens, %d rows, %s, %s, seed %d"
        .formatted(problem.tokens(), problem.rows(), placement, rule, seed);
  }

  /** All kinds of them. */
  public static Arbitrary<ScoreCase> arbitrary() {
    return Combinators.combine(
            Arbitraries.integers().between(1, 40),
            Arbitraries.integers().between(1, 5),
            Arbitraries.of(1, 2, 3, 4, 8),
            Arbitraries.of(0, 1, 2, 3, 16),
            Arbitraries.of(0.1, 1.0, 8.0),
            Arbitraries.longs())
        .as(ScoreCase::of);
  }

  private static ScoreCase of(
      int tokens, int rows, int shards, int run, double sharpness, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    ScoreProblem problem =
        ScoreProblem.random(
            tokens,
            Math.min(rows, tokens),
            1 + random.nextInt(2),
            1 + random.nextInt(3),
            1 + random.nextInt(4),
            sharpness,
            seed);
    KvPlacement placement =
        run == 0
            ? new ContiguousPlacement(shards, tokens + random.nextInt(8))
            : new RoundRobinPlacement(shards, run);
    return new ScoreCase(problem, placement, rule(random, problem), seed);
  }

  /** Each feature in about half of the cases. */
  private static ScoreRule rule(SplittableRandom random, ScoreProblem problem) {
    ScoreRule rule = ScoreRule.ofScale(1 / Math.sqrt(problem.dim()));
    if (random.nextBoolean()) {
      rule = rule.withSoftCap(new double[] {0.5, 5, 50}[random.nextInt(3)]);
    }
    if (random.nextBoolean()) {
      rule = rule.withWindow(1 + random.nextInt(problem.tokens() + 2));
    }
    if (random.nextBoolean()) {
      List<Double> sinks = new ArrayList<>();
      for (int head = 0; head < problem.heads(); head++) {
        sinks.add(random.nextInt(4) == 0 ? Double.NEGATIVE_INFINITY : 3 * random.nextGaussian());
      }
      rule = rule.withSinks(sinks);
    }
    if (random.nextBoolean()) {
      List<Double> slopes = new ArrayList<>();
      for (int head = 0; head < problem.heads(); head++) {
        slopes.add(random.nextDouble(0, 2));
      }
      rule = rule.withAlibi(slopes);
    }
    return rule;
  }
}
