package dev.helix.laws.museum;

import dev.helix.laws.head.HeadAnswer;
import dev.helix.laws.head.HeadInput;
import dev.helix.laws.head.HeadUnderTest;
import java.util.Arrays;

/** A textbook head that is split over the vocabulary. Faulty variants override a step of it. */
class PlainHead implements HeadUnderTest {
  @Override
  public final HeadAnswer decode(HeadInput input) {
    double[] logits = new double[input.rows() * input.vocabulary()];
    int[] chosen = new int[input.rows()];
    for (int row = 0; row < chosen.length; row++) {
      double[] gathered = new double[input.ranks() * input.share()];
      for (int rank = 0; rank < input.ranks(); rank++) {
        double[] own = shard(input, row, rank);
        System.arraycopy(own, 0, gathered, rank * own.length, own.length);
      }
      chosen[row] = chosen(gathered, input);
      System.arraycopy(gathered, 0, logits, row * input.vocabulary(), input.vocabulary());
    }
    return new HeadAnswer(logits, chosen);
  }

  /** Computes a rank's logits. Rows of its weight behind the end of the vocabulary are zeros. */
  double[] shard(HeadInput input, int row, int rank) {
    double[] own = new double[input.share()];
    for (int i = 0; i < own.length; i++) {
      int word = rank * own.length + i;
      for (int k = 0; k < input.hidden() && word < input.vocabulary(); k++) {
        own[i] +=
            input.states()[row * input.hidden() + k] * input.weight()[word * input.hidden() + k];
      }
    }
    return own;
  }

  /** Chooses the word with the greatest logit in a row that was gathered with its padding. */
  int chosen(double[] gathered, HeadInput input) {
    return greatest(Arrays.copyOf(gathered, input.vocabulary()));
  }

  static int greatest(double[] logits) {
    int greatest = 0;
    for (int word = 1; word < logits.length; word++) {
      greatest = logits[word] > logits[greatest] ? word : greatest;
    }
    return greatest;
  }
}
