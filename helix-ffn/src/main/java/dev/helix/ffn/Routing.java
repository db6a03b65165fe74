package dev.helix.ffn;

import java.util.List;

/**
 * The experts that each token of a step goes to.
 *
 * @param tokens the choice for each row of the batch
 */
public record Routing(List<Choice> tokens) {
  public Routing {
    tokens = List.copyOf(tokens);
  }

  /**
   * The choice for one token.
   *
   * @param experts indices of the chosen experts, the best first
   * @param weights the factors on their outputs, in the same order
   */
  public record Choice(List<Integer> experts, List<Double> weights) {
    public Choice {
      experts = List.copyOf(experts);
      weights = List.copyOf(weights);
      if (experts.size() != weights.size()) {
        throw new IllegalArgumentException(
            "%d experts with %d weights".formatted(experts.size(), weights.size()));
      }
    }
  }
}
