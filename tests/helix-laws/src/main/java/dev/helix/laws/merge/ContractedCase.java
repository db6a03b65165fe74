package dev.helix.laws.merge;

import dev.helix.attention.convention.Contract;
import dev.helix.attention.convention.Convention;
import dev.helix.attention.convention.Empties;
import dev.helix.laws.merge.cases.HardCase;
import dev.helix.laws.merge.cases.MergeCase;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Changes a case so that it keeps the contract of a convention: parts without tokens get some where
 * there must be none, log-sum-exps that are too large are made smaller in proportion, and where
 * lengths tell which parts have no tokens, the heads of a token agree on it.
 */
final class ContractedCase {
  /** Share of the largest log-sum-exp that leaves room for the laws that shift log-sum-exps. */
  private static final double ROOM = 0.4;

  private ContractedCase() {}

  /**
   * The case, or one like it that keeps the contract. A needle is left as it is, because other
   * numbers change its closed form; its law leaves out the shards without tokens.
   */
  static MergeCase of(Convention convention, MergeCase given) {
    Contract contract = convention.contract();
    boolean never = contract.empties().occurrence() == Empties.Occurrence.NEVER;
    double factor = factor(convention, given);
    boolean byLength = convention.marks().byLength();
    boolean needle = given.hard().contains(HardCase.NEEDLE);
    if (needle || (factor == 1 && !byLength && !(never && hasEmptyParts(given)))) {
      return given;
    }
    SplittableRandom random = new SplittableRandom(given.seed());
    double[] lses = Arrays.stream(given.lses()).map(lse -> lse * factor).toArray();
    double[] outputs = given.outputs().clone();
    for (int at = 0; at < lses.length; at++) {
      boolean empty = lses[at] == Double.NEGATIVE_INFINITY;
      int first = at - at % given.heads();
      boolean none = byLength && given.lses()[first] == Double.NEGATIVE_INFINITY;
      boolean filled = empty && (never || (byLength && !none));
      if (filled) {
        lses[at] = 6 * random.nextDouble() - 3;
      }
      lses[at] = none ? Double.NEGATIVE_INFINITY : lses[at];
      for (int i = at * given.dim(); i < (at + 1) * given.dim(); i++) {
        outputs[i] = filled ? 4 * random.nextDouble() - 2 : outputs[i];
      }
    }
    List<Integer> shape = List.of(given.shards(), given.tokens(), given.heads(), given.dim());
    return MergeCase.of(shape, outputs, lses, given.hard(), given.seed());
  }

  private static double factor(Convention convention, MergeCase given) {
    double most = ROOM * convention.contract().largestLse();
    double largest =
        Arrays.stream(given.lses())
            .filter(Double::isFinite)
            .map(lse -> Math.abs(convention.base().fromNatural(lse)))
            .max()
            .orElse(0);
    // A case that was made smaller before is left as it is.
    return largest > most * (1 + 0x1p-40) ? most / largest : 1;
  }

  private static boolean hasEmptyParts(MergeCase given) {
    return Arrays.stream(given.lses()).anyMatch(lse -> lse == Double.NEGATIVE_INFINITY);
  }
}
