package dev.helix.attention.baseline;

import dev.helix.attention.ScoreRule;
import dev.helix.attention.definition.AttentionDefinition;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * A request of which the last tokens query, several at once as when a speculation is verified.
 *
 * @param q {@code [rows, heads, dim]}
 * @param k {@code [tokens, kvHeads, dim]}
 * @param v {@code [tokens, kvHeads, dim]}
 */
@SuppressWarnings("ArrayRecordComponent") // A test's input, compared by nobody.
public record ScoreProblem(
    int tokens, int rows, int kvHeads, int group, int dim, double[] q, double[] k, double[] v) {
  public static ScoreProblem random(
      int tokens, int rows, int kvHeads, int group, int dim, double sharpness, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    return new ScoreProblem(
        tokens,
        rows,
        kvHeads,
        group,
        dim,
        gaussian(random, rows * kvHeads * group * dim, sharpness),
        gaussian(random, tokens * kvHeads * dim, 1),
        gaussian(random, tokens * kvHeads * dim, 1));
  }

  /** One head of width 2 that gives every token the product 0; values are (position, 1). */
  public static ScoreProblem level(int tokens, int rows) {
    double[] values = new double[2 * tokens];
    for (int position = 0; position < tokens; position++) {
      values[2 * position] = position;
      values[2 * position + 1] = 1;
    }
    return new ScoreProblem(
        tokens, rows, 1, 1, 2, new double[2 * rows], new double[2 * tokens], values);
  }

  public int heads() {
    return kvHeads * group;
  }

  public int position(int row) {
    return tokens - rows + row;
  }

  public double[] query(int row, int head) {
    int from = (row * heads() + head) * dim;
    return Arrays.copyOfRange(q, from, from + dim);
  }

  /** For each token what the KV head of a query head has of {@code of}, keys or values. */
  public double[][] ofHead(double[] of, int head) {
    double[][] tokenRows = new double[tokens][];
    for (int j = 0; j < tokens; j++) {
      int from = (j * kvHeads + head / group) * dim;
      tokenRows[j] = Arrays.copyOfRange(of, from, from + dim);
    }
    return tokenRows;
  }

  /** What the definition of the exact reading says, {@code [rows, heads, dim]}. */
  public double[] defined(ScoreRule rule) {
    double[] output = new double[rows * heads() * dim];
    for (int row = 0; row < rows; row++) {
      int[] distances = new int[tokens];
      for (int j = 0; j < tokens; j++) {
        distances[j] = position(row) - j;
      }
      for (int head = 0; head < heads(); head++) {
        double[] attended =
            AttentionDefinition.attend(
                query(row, head), ofHead(k, head), ofHead(v, head), distances, rule, head, dim);
        System.arraycopy(attended, 0, output, (row * heads() + head) * dim, dim);
      }
    }
    return output;
  }

  private static double[] gaussian(SplittableRandom random, int count, double deviation) {
    double[] numbers = new double[count];
    for (int i = 0; i < count; i++) {
      numbers[i] = deviation * random.nextGaussian();
    }
    return numbers;
  }
}
