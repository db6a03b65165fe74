package dev.helix.runtime.trace;

import dev.helix.ffn.Dispatch;
import dev.helix.ffn.RouterRule;
import dev.helix.tensor.InvalidInputException;

/**
 * What the experts of a step are loaded with when no numbers route the tokens. Every rank is given
 * the same load: that of an average expert group, or that of the busiest, on which a layer waits.
 */
public sealed interface LoadModel {
  /**
   * The assignments of one expert group.
   *
   * @param layer index of the layer
   * @param local experts of each group
   * @param tokens rows of the step
   */
  Dispatch load(int layer, RouterRule rule, int local, int tokens);

  /** Whether all layers have the same load. */
  boolean sameInEveryLayer();

  /**
   * Each token goes to any of the experts with equal chance, and a group gets what it may expect:
   * of its E/EP experts E/EP·(1 − (1 − k/E)^T) are active and read, a fraction. T·k/EP rows are
   * computed, rounded up, as a launch has whole rows.
   */
  record UniformExpectation() implements LoadModel {
    @Override
    public Dispatch load(int layer, RouterRule rule, int local, int tokens) {
      return SpreadLoad.uniform(rule, local, tokens);
    }

    @Override
    public boolean sameInEveryLayer() {
      return true;
    }
  }

  /**
   * Tokens routed at random, all experts equally likely, by the model's own rule of choice; the
   * group with the most active experts, of equals the one with the most rows. Another draw in each
   * layer.
   */
  record SampledBusiestRank(long seed) implements LoadModel {
    @Override
    public Dispatch load(int layer, RouterRule rule, int local, int tokens) {
      return SampledLoad.busiest(rule, local, tokens, 0, seed, layer);
    }

    @Override
    public boolean sameInEveryLayer() {
      return false;
    }
  }

  /**
   * As {@link SampledBusiestRank} with experts of unequal popularity: that of the i-th most popular
   * is proportional to i^−exponent. Which expert is how popular is drawn in each layer.
   *
   * @param exponent 0 for equal popularity
   */
  record PowerLaw(double exponent, long seed) implements LoadModel {
    public PowerLaw {
      if (!(exponent >= 0) || Double.isInfinite(exponent)) {
        throw new InvalidInputException(
            "exponent of the power law must be a finite number >= 0, got " + exponent);
      }
    }

    @Override
    public Dispatch load(int layer, RouterRule rule, int local, int tokens) {
      return SampledLoad.busiest(rule, local, tokens, exponent, seed, layer);
    }

    @Override
    public boolean sameInEveryLayer() {
      return false;
    }
  }
}
