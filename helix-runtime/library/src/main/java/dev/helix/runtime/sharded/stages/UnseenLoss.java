package dev.helix.runtime.sharded.stages;

import dev.helix.attention.QueryToken;
import dev.helix.runtime.sharded.RankStep;
import dev.helix.runtime.sharded.ShardedStep;
import dev.helix.runtime.sharded.StepTensor;
import dev.helix.runtime.sharded.reference.LocalTokens;
import dev.helix.runtime.sharded.reference.RowStates;
import java.util.Comparator;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * How many tokens a rank could have left out so that no log-sum-exp tells.
 *
 * <p>Without tokens whose weights are a share w of a head's, its log-sum-exp is smaller by −ln(1 −
 * w). The kernel may be off by the bound b, and the verdict allows b once more; so a loss with
 * −ln(1 − w) above 2b is always seen. Such a loss is n·w tokens of mean weight, for n tokens of the
 * rank. The head of a query token with the least bound counts, since one head is enough to convict.
 *
 * @param rank the rank that could leave out the most
 * @param tokens how many tokens of mean weight it could leave out for some query token, from 1 up
 * @param of how many tokens it has for it
 */
public record UnseenLoss(int rank, long tokens, long of) {
  /** The largest loss in a step; empty if no rank could leave out a token of mean weight. */
  public static Optional<UnseenLoss> of(RightStates right) {
    ShardedStep step = right.step();
    return step.ranks().stream()
        .filter(rank -> rank.has(StepTensor.PARTIAL_LSE) && right.areDumped(rank))
        .flatMap(rank -> of(rank, step, right))
        .filter(loss -> loss.tokens >= 1)
        .max(Comparator.comparingDouble(loss -> (double) loss.tokens / loss.of));
  }

  private static Stream<UnseenLoss> of(RankStep rank, ShardedStep step, RightStates right) {
    RowStates states = right.of(rank, new Scope(Set.of(rank.rank()), Set.of()));
    LocalTokens seen = LocalTokens.of(step.facts());
    int heads = step.facts().shape().heads();
    return IntStream.range(0, step.facts().tokens().size())
        .mapToObj(
            token -> {
              QueryToken query = step.facts().tokens().get(token);
              long count = seen.range(rank.rank(), query).count();
              double bound =
                  IntStream.range(token * heads, (token + 1) * heads)
                      .mapToDouble(states::lseBound)
                      .min()
                      .orElseThrow();
              return new UnseenLoss(
                  rank.rank(), (long) Math.floor(-count * Math.expm1(-2 * bound)), count);
            });
  }
}
