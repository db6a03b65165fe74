package dev.helix.runtime.trace;

import dev.helix.ffn.Dispatch;
import dev.helix.ffn.RouterRule;
import dev.helix.ffn.expertparallel.ExpertParallelSharding;
import dev.helix.ffn.expertparallel.Sending;
import dev.helix.ffn.expertparallel.TokenShares;
import dev.helix.runtime.trace.choice.ExpertChoices;
import dev.helix.tensor.InvalidInputException;

/**
 * The load of the experts in a step when no numbers route the tokens. Every rank gets the same
 * load: that of an average expert group, or that of the busiest group, for which a layer waits.
 */
public sealed interface LoadModel permits LoadModel.UniformExpectation, DrawnLoad, StatedLoad {
  /**
   * The assignments of one expert group.
   *
   * @param layer index of the layer
   * @param local number of experts of each group
   * @param tokens number of rows of the step
   */
  Dispatch load(int layer, RouterRule rule, int local, int tokens);

  /**
   * Says what a rank sends and gets under expert parallelism.
   *
   * @param layer index of the layer
   */
  Sending send(int layer, RouterRule rule, ExpertParallelSharding sharding, TokenShares shares);

  /**
   * The assignments to a rank's experts under expert parallelism, for the tokens of its own share
   * and those that arrive from other ranks.
   *
   * @param layer index of the layer
   */
  Dispatch dispatch(
      int layer, RouterRule rule, ExpertParallelSharding sharding, TokenShares shares);

  /** Whether all ranks that send equally many tokens have the same load. */
  default boolean sameOnEveryRank() {
    return false;
  }

  /** Whether all layers have the same load. */
  boolean sameInEveryLayer();

  /**
   * Each token goes to any of the experts with equal chance, by scores that are independent and
   * uniform, and a group of ranks gets the expected load. The group has E/EP experts, of which
   * E/EP·(1 − (1 − k/E)^T) are active and read, a fraction. T·k/EP rows are computed, rounded up
   * because a launch has whole rows. A token travels once to each other rank that has one of its
   * experts ({@link dev.helix.runtime.trace.choice.ExpertChoice}).
   */
  final class UniformExpectation implements LoadModel {
    private final ExpertChoices choices = new ExpertChoices();

    @Override
    public Dispatch load(int layer, RouterRule rule, int local, int tokens) {
      return SpreadLoad.uniform(rule, local, tokens);
    }

    @Override
    public Sending send(
        int layer, RouterRule rule, ExpertParallelSharding sharding, TokenShares shares) {
      return SpreadLoad.send(choices.reaches(rule, sharding), shares);
    }

    @Override
    public Dispatch dispatch(
        int layer, RouterRule rule, ExpertParallelSharding sharding, TokenShares shares) {
      return SpreadLoad.dispatch(
          choices.reaches(rule, sharding), rule, sharding.ofMember(0).count(), shares);
    }

    @Override
    public boolean sameOnEveryRank() {
      return true;
    }

    @Override
    public boolean sameInEveryLayer() {
      return true;
    }
  }

  /**
   * Tokens are routed at random by the model's own rule of choice, with all experts equally likely.
   * The load is that of the group with the most active experts and, among several, of the one with
   * the most rows. Each layer is drawn anew.
   */
  record SampledBusiestRank(long seed) implements DrawnLoad {
    @Override
    public double exponent() {
      return 0;
    }
  }

  /**
   * Tokens are routed as in {@link SampledBusiestRank}, but experts are unequally popular: the
   * popularity of the i-th most popular one is proportional to i^−exponent. Each layer draws which
   * expert is how popular.
   *
   * @param exponent 0 for equal popularity
   */
  record PowerLaw(double exponent, long seed) implements DrawnLoad {
    public PowerLaw {
      if (!(exponent >= 0) || Double.isInfinite(exponent)) {
        throw new InvalidInputException(
            "exponent of the power law must be a finite number >= 0, got " + exponent);
      }
    }
  }
}
