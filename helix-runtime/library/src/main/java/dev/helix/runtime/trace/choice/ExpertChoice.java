package dev.helix.runtime.trace.choice;

import dev.helix.ffn.ExpertRange;
import dev.helix.ffn.RouterRule;
import dev.helix.ffn.expertparallel.ExpertParallelSharding;
import java.util.Arrays;
import java.util.List;

/**
 * How likely a token has an expert on a rank, if the scores of its experts are independent and
 * uniform between 0 and 1, as the sigmoids of standard logistic logits are, and no expert has a
 * bias.
 *
 * <p>All sets of k experts are then equally likely if the rule keeps every group of experts. If it
 * keeps some groups only, a group stays on account of its own best experts, which are then more
 * likely to be chosen: the k experts fall on the groups as {@link GroupSplits} says. Inside a group
 * of n experts every set of m is equally likely, so that a rank with h of them is missed with the
 * chance C(n − h, m)/C(n, m). The mean over all ways to place the split on the groups is exact.
 */
public final class ExpertChoice {
  private final RouterRule rule;
  private final List<GroupSplits.Split> splits;

  private ExpertChoice(RouterRule rule, List<GroupSplits.Split> splits) {
    this.rule = rule;
    this.splits = splits;
  }

  /** The choice by a rule. */
  public static ExpertChoice by(RouterRule rule) {
    boolean limited = rule.keptGroups() < rule.groups();
    return new ExpertChoice(rule, limited ? GroupSplits.of(rule) : List.of());
  }

  /** The chance that a token has at least one expert on a rank, in the mean over the ranks. */
  public double reaches(ExpertParallelSharding sharding) {
    int ranks = sharding.ranks().size();
    double reached = 0;
    for (int member = 0; member < ranks; member++) {
      reached += reaches(sharding.ofMember(member));
    }
    return reached / ranks;
  }

  /** The chance that a token has at least one of some experts. */
  public double reaches(ExpertRange experts) {
    if (splits.isEmpty()) {
      return 1 - missed(rule.experts(), experts.count(), rule.topK());
    }
    int[] held = new int[rule.groups()];
    for (int group = 0; group < held.length; group++) {
      int from = Math.max(experts.first(), group * rule.groupSize());
      int to = Math.min(experts.first() + experts.count(), (group + 1) * rule.groupSize());
      held[group] = Math.max(0, to - from);
    }
    double missed = 0;
    for (GroupSplits.Split split : splits) {
      missed += split.chance() * missed(held, split.parts());
    }
    return 1 - missed;
  }

  /**
   * The chance that none of a rank's experts is chosen, if so many experts of different groups are.
   * Every way to place the parts on groups is equally likely. So a group gets each of the parts
   * that are left with the chance 1/n, if n groups are left.
   *
   * @param held how many experts of each group the rank has
   * @param parts how many experts are chosen in each group that has a chosen one, descending
   */
  private double missed(int[] held, int[] parts) {
    int[] sizes = Arrays.stream(parts).distinct().toArray();
    int[] counts =
        Arrays.stream(sizes)
            .map(size -> (int) Arrays.stream(parts).filter(p -> p == size).count())
            .toArray();
    // Parts of one size are alike: a state says how many of each size are placed, and how likely it
    // is that all groups so far have this many and none of the rank's experts is chosen in them.
    int[] strides = new int[sizes.length];
    int states = 1;
    for (int i = 0; i < sizes.length; i++) {
      strides[i] = states;
      states = Math.multiplyExact(states, counts[i] + 1);
    }
    double[] placed = new double[states];
    placed[0] = 1;
    for (int group = 0; group < held.length; group++) {
      double groupsLeft = held.length - group;
      for (int state = states - 1; state >= 0; state--) {
        int partsLeft = parts.length;
        double arrived = 0;
        for (int i = 0; i < sizes.length; i++) {
          int done = state / strides[i] % (counts[i] + 1);
          partsLeft -= done;
          if (done > 0) {
            double chance = (counts[i] - done + 1) / groupsLeft;
            double missed = missed(rule.groupSize(), held[group], sizes[i]);
            arrived += placed[state - strides[i]] * chance * missed;
          }
        }
        placed[state] = placed[state] * (groupsLeft - partsLeft) / groupsLeft + arrived;
      }
    }
    return placed[states - 1];
  }

  /** C(all − held, chosen)/C(all, chosen). */
  private static double missed(int all, int held, int chosen) {
    double missed = 1;
    for (int i = 0; i < chosen; i++) {
      missed *= Math.max(0, all - held - i) / (double) (all - i);
    }
    return missed;
  }
}
