package dev.helix.laws.head;

import dev.helix.laws.Trait;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * A case of the head: hidden states, a weight, and the number of ranks over which the weight is
 * split. Immutable.
 */
public final class HeadCase {
  private static final int MOST_SHOWN = 40;

  private final int ranks;
  private final int hidden;
  private final double[] states;
  private final double[] weight;
  private final Set<HeadHardCase> hard;

  /** Keeps the arrays. */
  HeadCase(int ranks, int hidden, double[] states, double[] weight, Set<HeadHardCase> hard) {
    this.ranks = ranks;
    this.hidden = hidden;
    this.states = states;
    this.weight = weight;
    this.hard = Set.copyOf(hard);
  }

  int rows() {
    return states.length / hidden;
  }

  int vocabulary() {
    return weight.length / hidden;
  }

  /** The input with all rows. */
  HeadInput input() {
    return new HeadInput(ranks, hidden, states, weight);
  }

  /** The input with some of the rows, in this order. */
  HeadInput of(int... rows) {
    double[] some =
        Arrays.stream(rows).boxed().flatMapToDouble(row -> Arrays.stream(row(row))).toArray();
    return new HeadInput(ranks, hidden, some, weight);
  }

  /** The input with all rows, one of which has NaN in a component. */
  HeadInput withNan(int row) {
    double[] changed = states.clone();
    changed[row * hidden + hidden / 2] = Double.NaN;
    return new HeadInput(ranks, hidden, changed, weight);
  }

  private double[] row(int row) {
    return Arrays.copyOfRange(states, row * hidden, (row + 1) * hidden);
  }

  /** The logit of a word. It is exact in every order of its sum. */
  double logit(int row, int word) {
    double logit = 0;
    for (int i = 0; i < hidden; i++) {
      logit += states[row * hidden + i] * weight[word * hidden + i];
    }
    return logit;
  }

  /** The word with the greatest logit, and the lowest such word if several are equal. */
  int greatest(int row) {
    return IntStream.range(0, vocabulary())
        .reduce((best, word) -> logit(row, word) > logit(row, best) ? word : best)
        .orElseThrow();
  }

  /**
   * Returns the traits of a row, by which failures are grouped.
   *
   * @param together number of rows that are decoded at once
   */
  Set<Trait> traits(int row, int together) {
    double[] logits =
        IntStream.range(0, vocabulary()).mapToDouble(word -> logit(row, word)).toArray();
    double greatest = Arrays.stream(logits).max().orElseThrow();
    boolean uneven = vocabulary() % ranks != 0;
    return new Trait.Noted()
        .note("whose logits are all negative", greatest < 0)
        .note(
            "of which two words have the greatest logit",
            Arrays.stream(logits).filter(logit -> logit == greatest).count() > 1)
        .note(
            "of vocabularies that leave a rank without words",
            share() * (ranks - 1) >= vocabulary())
        .note("of vocabularies that are no multiple of the ranks", uneven)
        .note("whose greatest logit is not on the first rank", greatest(row) >= share())
        .note("of several ranks", ranks > 1)
        .note("of several rows that are decoded at once", together > 1)
        .all();
  }

  private int share() {
    return (vocabulary() + ranks - 1) / ranks;
  }

  /** Simpler cases: one row alone, fewer words, fewer ranks, rounder weights. */
  List<HeadCase> simpler() {
    List<HeadCase> simpler = new ArrayList<>();
    for (int row = 0; row < rows() && rows() > 1; row++) {
      simpler.add(new HeadCase(ranks, hidden, row(row), weight, hard));
    }
    for (int fewer : new int[] {1, ranks / 2, ranks - 1}) {
      if (fewer > 0 && fewer < ranks) {
        simpler.add(new HeadCase(fewer, hidden, states, weight, hard));
      }
    }
    for (int words : new int[] {vocabulary() / 2, vocabulary() - 1}) {
      if (words > 0 && words < vocabulary()) {
        simpler.add(words(0, words));
        simpler.add(words(vocabulary() - words, words));
      }
    }
    double[] rounded = Arrays.stream(weight).map(Math::rint).toArray();
    if (!Arrays.equals(rounded, weight)) {
      simpler.add(new HeadCase(ranks, hidden, states, rounded, hard));
    }
    return simpler;
  }

  private HeadCase words(int from, int count) {
    double[] some = Arrays.copyOfRange(weight, from * hidden, (from + count) * hidden);
    return new HeadCase(ranks, hidden, states, some, hard);
  }

  /** The size of the case; simpler cases are smaller. */
  int size() {
    int broken = (int) Arrays.stream(weight).filter(w -> w != Math.rint(w)).count();
    return 1000 * rows() + 10 * vocabulary() + ranks + broken;
  }

  /**
   * Describes the case in words, with a hash of its numbers because they are too many to be shown.
   */
  String inFull() {
    double[][] numbers = {states, weight};
    return "%s, numbers of hash %08x".formatted(this, Arrays.deepHashCode(numbers));
  }

  @Override
  public String toString() {
    String all =
        "%d rows, %d words on %d ranks, hidden size %d%s"
            .formatted(rows(), vocabulary(), ranks, hidden, hard.isEmpty() ? "" : " " + hard);
    return states.length + weight.length > MOST_SHOWN
        ? all
        : "%s, states [rows, hidden] %s, weight [vocabulary, hidden] %s"
            .formatted(all, Arrays.toString(states), Arrays.toString(weight));
  }
}
