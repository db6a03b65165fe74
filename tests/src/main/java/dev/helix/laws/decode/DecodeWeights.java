package dev.helix.laws.decode;

import dev.helix.attention.AttentionShape;
import dev.helix.attention.AttentionSharding;
import dev.helix.attention.QueryToken;
import dev.helix.attention.baseline.BaselineAttention.StepErrorBound;
import dev.helix.attention.baseline.UnshardedAttention;
import dev.helix.attention.rotary.RopeParameters;
import java.util.SplittableRandom;

/** The attention weights and the inputs of a case, drawn from its seed. */
final class DecodeWeights {
  static final RopeParameters ROPE = RopeParameters.of(100);

  private final DecodeCase given;
  private final AttentionShape shape;
  private final AttentionSharding sharding;
  private final double[] wq;
  private final double[] wk;
  private final double[] wv;
  private final double[] wo;

  DecodeWeights(DecodeCase given) {
    this.given = given;
    this.shape = given.shape();
    this.sharding = given.sharding();
    SplittableRandom random = new SplittableRandom(given.seed());
    int queryWidth = shape.queryHeads() * shape.headDim();
    int kvWidth = shape.kvHeads() * shape.headDim();
    wq = matrix(random, queryWidth, shape.hidden(), 2);
    wk = matrix(random, kvWidth, shape.hidden(), 2);
    wv = matrix(random, kvWidth, shape.hidden(), 1);
    wo = matrix(random, shape.hidden(), queryWidth, 1);
  }

  static double[] matrix(SplittableRandom random, int rows, int columns, double size) {
    return random.doubles((long) rows * columns, -size, size).toArray();
  }

  /** The layer's input at a position of a request. */
  double[] x(QueryToken token) {
    long number =
        given.seed() ^ (token.request() * 1_000_003L + token.position()) * 0x9E3779B97F4A7C15L;
    return new SplittableRandom(number).doubles(shape.hidden(), -1, 1).toArray();
  }

  /** A rank's rows of the three projections, stacked. */
  double[] qkv(int rank) {
    int row = shape.headDim() * shape.hidden();
    AttentionShape local = sharding.local();
    double[] rows = new double[local.qkvRows() * shape.hidden()];
    int queries = local.queryHeads() * row;
    int kv = local.kvHeads() * row;
    System.arraycopy(wq, sharding.firstPartialHead(rank) * row, rows, 0, queries);
    System.arraycopy(wk, sharding.firstKvHead(rank) * row, rows, queries, kv);
    System.arraycopy(wv, sharding.firstKvHead(rank) * row, rows, queries + kv, kv);
    return rows;
  }

  /** A rank's columns of the output projection. */
  double[] output(int rank) {
    int own = sharding.ownedHeads() * shape.headDim();
    int from = sharding.firstOwnedHead(rank) * shape.headDim();
    return columns(wo, shape.hidden(), from, own);
  }

  /** Some columns of a matrix, row-major. */
  static double[] columns(double[] matrix, int rows, int from, int count) {
    int width = matrix.length / rows;
    double[] columns = new double[rows * count];
    for (int row = 0; row < rows; row++) {
      System.arraycopy(matrix, row * width + from, columns, row * count, count);
    }
    return columns;
  }

  /** The unsharded definition of one request, and the bound that walks beside it. */
  Baseline baseline() {
    UnshardedAttention attention =
        new UnshardedAttention(shape, ROPE, given.rule(), wq, wk, wv, wo);
    return new Baseline(attention, attention.errorBound(given.layout().kvp()));
  }

  record Baseline(UnshardedAttention attention, StepErrorBound bound) {}
}
