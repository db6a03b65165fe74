package dev.helix.runtime.sharded.reference;

import dev.helix.attention.baseline.ScoreFormula;
import java.util.Arrays;

/**
 * The memory in which one processor adds up tokens for a {@link QueryGroup}, block by block. Keys
 * of a block are turned around, so that scores of many tokens grow side by side: HotSpot makes
 * vector instructions of such loops, and none of a sum over one key. Each score is summed in the
 * order of its components all the same.
 */
final class GroupBlock {
  private static final int SLOTS = 256;

  private final QueryGroup group;
  private final int[] heads;
  private final double[] vector;
  private final double[] value;
  private final double[][] keys;
  private final double[][] scores;
  private final double[][] errors;

  GroupBlock(QueryGroup group) {
    this.group = group;
    this.heads = group.heads();
    this.vector = new double[group.keyDim()];
    this.value = new double[group.valueDim()];
    this.keys = new double[group.keyDim()][SLOTS];
    this.scores = new double[heads.length][SLOTS];
    this.errors = new double[heads.length][SLOTS];
  }

  /** Adds the tokens of the slots {@code [from, to)} to the sums of the group's heads. */
  void add(int from, int to, RowSums[] sums) {
    for (int first = from; first < to; first += SLOTS) {
      block(first, Math.min(SLOTS, to - first), sums);
    }
  }

  private void block(int first, int count, RowSums[] sums) {
    for (int i = 0; i < count; i++) {
      group.key(first + i, vector);
      for (int c = 0; c < vector.length; c++) {
        keys[c][i] = vector[c];
      }
    }
    for (int i = 0; i < heads.length; i++) {
      score(heads[i], first, count, scores[i], errors[i]);
      sums[i].raise(greatest(scores[i], count));
    }
    for (int j = 0; j < count; j++) {
      group.value(first + j, value);
      double largest = 0;
      for (double component : value) {
        largest = Math.max(largest, Math.abs(component));
      }
      for (int i = 0; i < heads.length; i++) {
        sums[i].add(sums[i].weigh(scores[i][j], errors[i][j]), value, largest);
      }
    }
  }

  /** The greatest score that is a number: a block rescales its sums once, as each time rounds. */
  private static double greatest(double[] scores, int count) {
    double greatest = Double.NEGATIVE_INFINITY;
    for (int j = 0; j < count; j++) {
      greatest = scores[j] > greatest ? scores[j] : greatest;
    }
    return greatest;
  }

  /** Computes the scores of one head, and the bounds of their errors. */
  private void score(int head, int first, int count, double[] scores, double[] errors) {
    double[] queries = group.queries();
    int offset = group.offset(head);
    Arrays.fill(scores, 0);
    Arrays.fill(errors, 0);
    for (int c = 0; c < keys.length; c++) {
      addProducts(queries[offset + c], keys[c], scores, errors, count);
    }
    ScoreFormula formula = group.formula();
    boolean capped = formula.softCap().isPresent();
    for (int j = 0; j < count; j++) {
      double magnitude = Math.abs(formula.scaled(errors[j]));
      int distance = group.distance(first + j);
      scores[j] = formula.of(scores[j], head, distance);
      errors[j] = group.bound().score(magnitude, scores[j], formula.bias(head, distance), capped);
    }
  }

  private static void addProducts(
      double query, double[] keys, double[] dots, double[] magnitudes, int count) {
    for (int j = 0; j < count; j++) {
      double product = query * keys[j];
      dots[j] += product;
      magnitudes[j] += Math.abs(product);
    }
  }
}
