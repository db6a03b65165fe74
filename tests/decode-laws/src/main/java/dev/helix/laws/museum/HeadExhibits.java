package dev.helix.laws.museum;

import dev.helix.laws.Law;
import dev.helix.laws.head.HeadInput;
import dev.helix.laws.head.HeadUnderTest;
import dev.helix.tensor.faults.FaultSeam;
import dev.helix.tensor.faults.FaultStory;
import java.util.List;

/** Faults of the head. */
final class HeadExhibits {
  private HeadExhibits() {}

  static List<Exhibit> all() {
    return List.of(
        exhibit(
            new FaultStory(
                "zero rows that pad the vocabulary win",
                "mirage-project/mirage#751",
                "The head's weight is padded with rows of zeros to a multiple of the ranks or of a"
                    + " tile, and the choice goes over all rows. Where all logits are negative, the"
                    + " logit 0 of the padding is the greatest.",
                "Some logit is nearly always positive."),
            "Caught by 11 words on 4 ranks, with logits near −10.",
            List.of(Law.HEAD_CHOICE),
            new PlainHead() {
              @Override
              int chosen(double[] gathered, HeadInput input) {
                return greatest(gathered);
              }
            }));
  }

  private static Exhibit exhibit(
      FaultStory story, String caught, List<Law> killers, HeadUnderTest variant) {
    return new Exhibit(new ShownFault(FaultSeam.HEAD, story), caught, killers, variant);
  }
}
