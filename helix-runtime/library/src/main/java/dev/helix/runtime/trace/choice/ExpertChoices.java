package dev.helix.runtime.trace.choice;

import dev.helix.ffn.RouterRule;
import dev.helix.ffn.expertparallel.ExpertParallelSharding;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The chances of all rules and numbers of ranks that were asked for, each computed once. */
public final class ExpertChoices {
  private final Map<RouterRule, ExpertChoice> choices = new ConcurrentHashMap<>();
  private final Map<Ranks, Double> chances = new ConcurrentHashMap<>();

  /** The chance that a token has at least one expert on a rank, in the mean over the ranks. */
  public double reaches(RouterRule rule, ExpertParallelSharding sharding) {
    return chances.computeIfAbsent(
        new Ranks(rule, sharding.ranks().size()),
        ranks -> choices.computeIfAbsent(rule, ExpertChoice::by).reaches(sharding));
  }

  /** Ranks that divide the experts of a rule among them. */
  private record Ranks(RouterRule rule, int ranks) {}
}
