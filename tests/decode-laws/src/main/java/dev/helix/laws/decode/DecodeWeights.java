package dev.helix.laws.decode;

import dev.helix.attention.QueryToken;
import dev.helix.attention.SelfAttention;
import dev.helix.attention.baseline.BaselineAttention;
import dev.helix.attention.bounds.StepErrorBound;
import dev.helix.laws.decode.DecodeRanks.Seat;
import dev.helix.laws.decode.cases.DecodeCase;
import dev.helix.tensor.Tensor;
import java.util.SplittableRandom;

/** The attention weights and the inputs of a case, drawn from its seed. */
abstract class DecodeWeights {
  final DecodeCase given;

  DecodeWeights(DecodeCase given) {
    this.given = given;
  }

  /** Draws the weights of the kind of attention that the case has. */
  static DecodeWeights of(DecodeCase given) {
    return given.latent().isPresent()
        ? new LatentDecodeWeights(given, given.latent().get())
        : new GroupedQueryDecodeWeights(given);
  }

  /** A rank's attention with its slices of the weights, and a cache without requests. */
  abstract <T extends Tensor> SelfAttention<T> attention(Seat<T> seat);

  /** The unsharded definition of one request, and the bound that walks beside it. */
  final Baseline baseline() {
    BaselineAttention attention = unsharded();
    return new Baseline(attention, StepErrorBound.beside(attention, given.layout().kvp()));
  }

  abstract BaselineAttention unsharded();

  record Baseline(BaselineAttention attention, StepErrorBound bound) {}

  /** The layer's input at a position of a request. */
  final double[] x(QueryToken token) {
    long number =
        given.seed() ^ (token.request() * 1_000_003L + token.position()) * 0x9E3779B97F4A7C15L;
    return new SplittableRandom(number).doubles(given.shape().hidden(), -1, 1).toArray();
  }

  static double[] matrix(SplittableRandom random, int rows, int columns, double size) {
    return random.doubles((long) rows * columns, -size, size).toArray();
  }

  /** Cuts some columns out of a row-major matrix. */
  static double[] columns(double[] matrix, int rows, int from, int count) {
    int width = matrix.length / rows;
    double[] columns = new double[rows * count];
    for (int row = 0; row < rows; row++) {
      System.arraycopy(matrix, row * width + from, columns, row * count, count);
    }
    return columns;
  }
}
