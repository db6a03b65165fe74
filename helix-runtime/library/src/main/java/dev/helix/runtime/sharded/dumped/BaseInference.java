package dev.helix.runtime.sharded.dumped;

import dev.helix.attention.convention.LogBase;
import dev.helix.attention.convention.Marks;
import dev.helix.runtime.sharded.RankStep;
import dev.helix.runtime.sharded.ShardedStep;
import dev.helix.runtime.sharded.StepTensor;
import dev.helix.runtime.sharded.stages.Judge;
import dev.helix.runtime.sharded.stages.Scope;
import dev.helix.runtime.sharded.stages.Suspect;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Finds out the base of log-sum-exps where the partial attention can be judged. The first of these
 * that tells the bases apart decides: which of them fits the dumped LSEs, in which of them a known
 * fault explains the whole partial attention, and in which of them the merge holds. If none does,
 * the base stays unknown, because a merge that is judged in the wrong base is convicted without
 * cause.
 */
final class BaseInference {
  /**
   * One LSE of so many has to tell the bases apart. A single one may lie within its bound by
   * chance, about once in 10⁴ where sums are in FP32.
   */
  private static final long ONE_OF = 8;

  private final ShardedStep natural;
  private final ShardedStep binary;
  private final Function<ShardedStep, Judge> partial;
  private final Predicate<ShardedStep> mergeHolds;

  /**
   * Creates the inference.
   *
   * @param natural the step with LSEs in base e
   * @param binary the same step with LSEs in base 2
   * @param partial judges the partial attention of either
   * @param mergeHolds whether the merge of either is there, and right as that of some system
   */
  BaseInference(
      ShardedStep natural,
      ShardedStep binary,
      Function<ShardedStep, Judge> partial,
      Predicate<ShardedStep> mergeHolds) {
    this.natural = natural;
    this.binary = binary;
    this.partial = partial;
    this.mergeHolds = mergeHolds;
  }

  /**
   * A base and what tells it, as the end of a sentence.
   *
   * @param step the step in this base
   */
  record Found(ShardedStep step, String reason) {
    String sentence() {
      LogBase base = step.facts().forms().convention().base();
      return "LSEs are in base %s, %s".formatted(base == LogBase.TWO ? "2" : "e", reason);
    }
  }

  /**
   * The base; empty if nothing tells it.
   *
   * @param some a few tokens, which are looked at first
   * @param all all tokens
   */
  Optional<Found> found(Scope some, Scope all) {
    if (!natural.has(StepTensor.PARTIAL_LSE)) {
      return Optional.empty();
    }
    Optional<Found> fits =
        byLses(some)
            .or(() -> byLses(all))
            .map(step -> new Found(step, "which fits the partial attention best"));
    if (fits.isPresent()) {
      return fits;
    }
    Judge inNats = partial.apply(natural);
    Judge inBits = partial.apply(binary);
    if (inNats.compare(all).wrong() == 0 && inBits.compare(all).wrong() == 0) {
      return Optional.of(
          byMerge()
              .orElse(new Found(natural, "or in base 2, which fit the partial attention alike")));
    }
    boolean faultInNats = isExplained(inNats, some);
    boolean faultInBits = isExplained(inBits, some);
    return faultInNats != faultInBits
        ? Optional.of(
            new Found(
                faultInNats ? natural : binary,
                "in which a known fault explains the partial attention"))
        : byMerge();
  }

  private Optional<Found> byMerge() {
    boolean inNats = mergeHolds.test(natural);
    boolean inBits = mergeHolds.test(binary);
    return inNats != inBits
        ? Optional.of(new Found(inNats ? natural : binary, "in which the merge holds"))
        : Optional.empty();
  }

  /** The step in the base in which clearly more LSEs are within their bounds. */
  private Optional<ShardedStep> byLses(Scope scope) {
    long inNats = partial.apply(natural).compare(scope).within();
    long inBits = partial.apply(binary).compare(scope).within();
    long more = Math.abs(inNats - inBits);
    return more > 0 && more * ONE_OF >= lses(scope)
        ? Optional.of(inNats > inBits ? natural : binary)
        : Optional.empty();
  }

  /** The number of dumped LSEs that are none of a part without tokens. */
  private long lses(Scope scope) {
    Marks marks = natural.facts().forms().convention().marks();
    int heads = natural.facts().shape().heads();
    long count = 0;
    for (RankStep rank : natural.ranks()) {
      double[] lses = rank.get(StepTensor.PARTIAL_LSE);
      for (int row = 0; row < lses.length; row++) {
        boolean counts = Double.isFinite(lses[row]) && !marks.mayBeRead(lses[row]);
        count += counts && scope.hasToken(row / heads) ? 1 : 0;
      }
    }
    return count;
  }

  private static boolean isExplained(Judge judge, Scope scope) {
    int rank = scope.ranks().stream().min(Integer::compare).orElseThrow();
    int token = scope.tokens().stream().min(Integer::compare).orElse(0);
    Scope first = new Scope(Set.of(rank), Set.of(token));
    List<Suspect> suspects = judge.suspects();
    return suspects.stream()
        .filter(suspect -> suspect.tried(first).wrong() == 0)
        .anyMatch(suspect -> suspect.tried(scope).wrong() == 0);
  }
}
