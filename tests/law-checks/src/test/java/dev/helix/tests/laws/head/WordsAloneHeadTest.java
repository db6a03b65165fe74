package dev.helix.tests.laws.head;

import dev.helix.laws.head.HeadAnswer;
import dev.helix.laws.head.HeadInput;
import dev.helix.laws.head.HeadLaws;
import dev.helix.laws.head.HeadUnderTest;

/** A head that returns words and no logits: each rank sends its greatest alone. */
class WordsAloneHeadTest implements HeadLaws {
  @Override
  public HeadUnderTest head() {
    return new HeadUnderTest() {
      @Override
      public boolean returnsLogits() {
        return false;
      }

      @Override
      public HeadAnswer decode(HeadInput input) {
        int[] chosen = new int[input.rows()];
        for (int row = 0; row < chosen.length; row++) {
          float greatest = Float.NEGATIVE_INFINITY;
          for (int rank = 0; rank < input.ranks(); rank++) {
            for (int word = rank * input.share(); word < end(input, rank); word++) {
              float logit = logit(input, row, word);
              chosen[row] = logit > greatest ? word : chosen[row];
              greatest = Math.max(greatest, logit);
            }
          }
        }
        return new HeadAnswer(new double[0], chosen);
      }
    };
  }

  private static int end(HeadInput input, int rank) {
    return Math.min(input.vocabulary(), (rank + 1) * input.share());
  }

  private static float logit(HeadInput input, int row, int word) {
    float sum = 0;
    for (int i = input.hidden() - 1; i >= 0; i--) {
      double state = input.states()[row * input.hidden() + i];
      sum += (float) (state * input.weight()[word * input.hidden() + i]);
    }
    return sum;
  }
}
