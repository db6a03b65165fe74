package dev.helix.laws.head;

import dev.helix.laws.DrawnCases;
import java.util.Arrays;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.function.IntToDoubleFunction;

/**
 * A case while it is drawn. The first component of each state is 1, so that what is added to the
 * first component of a word's weight is added to its logit, whatever the row.
 */
final class HeadDrawing {
  static final DrawnCases<HeadCase> CASES =
      new DrawnCases<>(
          Arrays.stream(HeadHardCase.values())
              .<Function<SplittableRandom, HeadCase>>map(hard -> hard::make)
              .toList(),
          HeadDrawing::ordinary);

  private static final int EIGHTHS = 16;

  private final SplittableRandom random;
  private final int ranks;
  private final int words;
  private final int hidden;
  private final double[] weight;
  private int rows;

  HeadDrawing(SplittableRandom random, int ranks, int words) {
    this.random = random;
    this.ranks = ranks;
    this.words = words;
    this.hidden = 2 + random.nextInt(4);
    this.rows = 1 + random.nextInt(3);
    this.weight =
        random
            .ints((long) words * hidden, -EIGHTHS, EIGHTHS + 1)
            .mapToDouble(i -> i / 8.0)
            .toArray();
  }

  private static HeadCase ordinary(SplittableRandom random) {
    HeadDrawing drawing = new HeadDrawing(random, 1 + random.nextInt(8), 1 + random.nextInt(40));
    double shift = random.nextInt(-12, 4);
    return drawing.shifted(word -> shift).done(Set.of());
  }

  HeadDrawing rows(int count) {
    rows = count;
    return this;
  }

  /** Adds to the logit of each word. */
  HeadDrawing shifted(IntToDoubleFunction ofWord) {
    for (int word = 0; word < words; word++) {
      weight[word * hidden] += ofWord.applyAsDouble(word);
    }
    return this;
  }

  /** Adds to the logits of some words. */
  HeadDrawing raised(double by, int... some) {
    Arrays.stream(some).distinct().forEach(word -> weight[word * hidden] += by);
    return this;
  }

  /** Makes a word equal to another. */
  HeadDrawing equal(int word, int other) {
    System.arraycopy(weight, word * hidden, weight, other * hidden, hidden);
    return this;
  }

  HeadDrawing allEqual() {
    for (int word = 1; word < words; word++) {
      equal(0, word);
    }
    return this;
  }

  HeadCase done(Set<HeadHardCase> hard) {
    double[] states =
        random.ints((long) rows * hidden, 0, 2).mapToDouble(i -> 2.0 * i - 1).toArray();
    for (int row = 0; row < rows; row++) {
      states[row * hidden] = 1;
    }
    return new HeadCase(ranks, hidden, states, weight, hard);
  }
}
