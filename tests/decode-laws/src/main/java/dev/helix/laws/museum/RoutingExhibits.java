package dev.helix.laws.museum;

import dev.helix.laws.Law;
import dev.helix.laws.routing.RoutingInput;
import dev.helix.laws.routing.RoutingUnderTest;
import dev.helix.tensor.faults.FaultSeam;
import dev.helix.tensor.faults.FaultStory;
import java.util.List;

/** Faults of the choice of experts that show on one rank. */
final class RoutingExhibits {
  private RoutingExhibits() {}

  static List<Exhibit> all() {
    return List.of(
        exhibit(
            new FaultStory(
                "gates taken back from biased scores",
                "huggingface/transformers#41647, flashinfer-ai/flashinfer#3875",
                "Experts are chosen by score plus bias, and a chosen expert's weight is that sum"
                    + " less the bias. What the sum has rounded away is gone: (10⁻⁸ + 12) − 12 has"
                    + " half its digits, and in single precision none.",
                "With biases near 0, as before training, both are the same."),
            "Caught by biases of 12 beside logits near −18.",
            List.of(Law.ROUTING_WEIGHTS),
            new PlainRouting() {
              @Override
              double gate(int expert, double[] scores, RoutingInput input) {
                double bias = input.bias()[expert];
                return (scores[expert] + bias) - bias;
              }
            }));
  }

  private static Exhibit exhibit(
      FaultStory story, String caught, List<Law> killers, RoutingUnderTest variant) {
    return new Exhibit(new ShownFault(FaultSeam.ROUTING, story), caught, killers, variant);
  }
}
