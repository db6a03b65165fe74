package dev.helix.runtime.trace;

import dev.helix.ffn.ExpertRange;
import dev.helix.ffn.RouterRule;
import dev.helix.ffn.expertparallel.ExpertParallelSharding;

/**
 * How likely a token has an expert on a rank, if every choice that a rule can make is equally
 * likely: every set of T of the G expert groups stays equally often, and so is every set of k of
 * their T·E/G experts chosen.
 *
 * <p>A token misses a rank that has h experts in the groups that stay with the chance C(T·E/G − h,
 * k)/C(T·E/G, k). The mean over all sets of groups, and over the ranks, is exact.
 *
 * <p>A router whose scores are independent spreads its tokens a little more, because a group stays
 * on account of its own best experts, which are then more likely to be chosen. DeepSeek-R1's tokens
 * go to 1.8% more ranks out of 64 than here, and to 9% more out of 8 (20,000 tokens drawn by its
 * rule). Without groups nothing differs.
 */
final class GroupLimitedChoice {
  private final RouterRule rule;
  private final int perGroup;

  private GroupLimitedChoice(RouterRule rule) {
    this.rule = rule;
    this.perGroup = rule.experts() / rule.groups();
  }

  /** The chance that a token has at least one expert on a rank, in the mean over the ranks. */
  static double of(RouterRule rule, ExpertParallelSharding sharding) {
    GroupLimitedChoice choice = new GroupLimitedChoice(rule);
    int ranks = sharding.ranks().size();
    double missed = 0;
    for (int member = 0; member < ranks; member++) {
      missed += choice.missed(sharding.ofMember(member));
    }
    return 1 - missed / ranks;
  }

  /** The chance that none of a rank's experts is chosen. */
  private double missed(ExpertRange own) {
    // For each number of groups that stay and of own experts in them, the sets of groups.
    double[][] sets = new double[rule.keptGroups() + 1][own.count() + 1];
    sets[0][0] = 1;
    for (int group = 0; group < rule.groups(); group++) {
      int from = Math.max(own.first(), group * perGroup);
      int to = Math.min(own.first() + own.count(), (group + 1) * perGroup);
      int here = Math.max(0, to - from);
      for (int kept = rule.keptGroups(); kept > 0; kept--) {
        for (int held = own.count(); held >= here; held--) {
          sets[kept][held] += sets[kept - 1][held - here];
        }
      }
    }
    double all = 0;
    double missed = 0;
    for (int held = 0; held <= own.count(); held++) {
      double ways = sets[rule.keptGroups()][held];
      all += ways;
      missed += ways * missed(held);
    }
    return missed / all;
  }

  /** C(M − held, k)/C(M, k) for the M experts of the groups that stay. */
  private double missed(int held) {
    int available = rule.keptGroups() * perGroup;
    double missed = 1;
    for (int i = 0; i < rule.topK(); i++) {
      missed *= Math.max(0, available - held - i) / (double) (available - i);
    }
    return missed;
  }
}
