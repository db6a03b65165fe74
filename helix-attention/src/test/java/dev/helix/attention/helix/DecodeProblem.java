package dev.helix.attention.helix;

import dev.helix.attention.QueryToken;
import dev.helix.attention.SelfAttention;
import dev.helix.attention.baseline.BaselineAttention;
import dev.helix.attention.placement.RoundRobinPlacement;
import dev.helix.attention.rotary.RopeParameters;
import dev.helix.tensor.Tensor;
import dev.helix.tensor.mesh.Communicator;
import dev.helix.tensor.mesh.Layout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Function;

/** A layer of attention with its weights, and two requests that decode several steps with it. */
abstract class DecodeProblem {
  static final RopeParameters ROPE = RopeParameters.of(1e4);
  static final int HIDDEN = 6;
  static final int STEPS = 5;
  private static final int CAPACITY = 3 * STEPS;

  /** The layer on one rank. */
  abstract <T extends Tensor> SelfAttention<T> attention(
      RankReading<T> reading, Layout layout, boolean hopB);

  /** The layer unsharded, for one request. */
  abstract BaselineAttention unsharded();

  /** What every rank returns for each step, {@code [rank][step][batch · hidden]}. */
  <T extends Tensor> List<List<double[]>> decode(
      Function<Communicator, RankReading<T>> readings, Layout layout, boolean hopB) {
    return LocalRanks.run(
        layout.ranks(),
        communicator -> {
          RankReading<T> reading = readings.apply(communicator);
          SelfAttention<T> attention = attention(reading, layout, hopB);
          for (int request = 0; request < 2; request++) {
            attention
                .cache()
                .open(request, new RoundRobinPlacement(layout.kvp(), 1 + request), CAPACITY);
          }
          List<double[]> outputs = new ArrayList<>();
          for (int step = 0; step < STEPS; step++) {
            List<QueryToken> rows = step(step);
            double[] x = rows.stream().flatMapToDouble(row -> Arrays.stream(input(row))).toArray();
            T y = attention.attend(reading.rows(x, rows.size()), rows);
            outputs.add(reading.kernels().toHost(y));
          }
          return outputs;
        });
  }

  /** Two tokens of request 0, as a speculation has, and one of request 1. */
  static List<QueryToken> step(int step) {
    return List.of(
        new QueryToken(0, 2 * step), new QueryToken(0, 2 * step + 1), new QueryToken(1, step));
  }

  static double[] input(QueryToken token) {
    return new SplittableRandom(100L * token.request() + token.position())
        .doubles(HIDDEN, -1.5, 1.5)
        .toArray();
  }

  static double[] matrix(SplittableRandom random, int rows, int columns) {
    return random.doubles((long) rows * columns, -1, 1).toArray();
  }

  /** The columns {@code [from, from + count)} of a row-major matrix. */
  static double[] columns(double[] matrix, int rows, int from, int count) {
    int width = matrix.length / rows;
    double[] part = new double[rows * count];
    for (int row = 0; row < rows; row++) {
      System.arraycopy(matrix, row * width + from, part, row * count, count);
    }
    return part;
  }
}
