package dev.helix.attention.nd4j;

import static dev.helix.tensor.compare.Rounding.SLACK;
import static dev.helix.tensor.compare.Rounding.UNDERFLOW;
import static dev.helix.tensor.compare.Rounding.UNIT;
import static dev.helix.tensor.compare.Rounding.gamma;

import dev.helix.attention.ScoreRule;
import java.util.List;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * Attention of one query head over some tokens with nothing but ND4J's product and softmax, and how
 * far sharded attention may lie from it.
 *
 * <p><b>The bound.</b> For either program let scores lie within e of their values. A weight
 * relative to the sum of weights is then off by a factor of at most φ: 2e for the scores; u(2R +
 * 4P) for rounding and rescaling exponents, whose range R is that of the scores, over P pages;
 * u(|LSE| + 2·ln t + 2·ln N + 20) for a shard's LSE, its exponential, logarithms and divisions;
 * γ_{2t+4P+N} for the sums; and 80u for ND4J's softmax, which is within 40 ulp. Output is a
 * quotient of two such sums, so that |o − o′| ≤ 4φ Σ pⱼ|vⱼ|, and |lse − lse′| ≤ 2φ + 2u|lse|.
 *
 * <p>e is γ_{d+2}·scale·Σ|q||k| for the product and its scale, 16u·cap for tanh and its operations,
 * whose derivative is at most 1, and 4u(|s| + slope·distance) for ALiBi. The soft cap is applied by
 * {@code Math.tanh} here too, since ND4J's is off by thousands of ulp.
 *
 * @param output {@code [headDim]}
 * @param outputBound how far each component may be off
 */
@SuppressWarnings("ArrayRecordComponent") // What a test expects, compared by nobody.
record PlainSoftmax(INDArray output, double lse, double[] outputBound, double lseBound) {
  /**
   * @param q {@code [headDim]}
   * @param k {@code [tokens, headDim]}, the tokens that take part
   * @param v {@code [tokens, headDim]}
   * @param positions of the tokens
   * @param query position of the query
   * @param sink of the head, −∞ for none
   */
  static PlainSoftmax of(
      INDArray q,
      INDArray k,
      INDArray v,
      List<Integer> positions,
      int query,
      ScoreRule rule,
      int head,
      double sink,
      int shards) {
    int tokens = positions.size();
    int dim = (int) q.size(0);
    boolean sinks = sink != Double.NEGATIVE_INFINITY;
    int terms = tokens + (sinks ? 1 : 0);
    if (terms == 0) {
      return new PlainSoftmax(
          Nd4j.zeros(DataType.DOUBLE, dim), Double.NEGATIVE_INFINITY, new double[dim], 0);
    }
    INDArray scores = Nd4j.create(DataType.DOUBLE, 1, terms);
    INDArray values = Nd4j.zeros(DataType.DOUBLE, terms, dim);
    double scoreError = 0;
    INDArray column = q.reshape(dim, 1);
    double[] products = k.mmul(column).ravel().toDoubleVector();
    double[] absolutes = Transforms.abs(k).mmul(Transforms.abs(column)).ravel().toDoubleVector();
    for (int j = 0; j < tokens; j++) {
      int distance = query - positions.get(j);
      double magnitude = Math.abs(rule.scale()) * absolutes[j];
      double score = rule.scale() * products[j];
      double error = gamma(dim + 2) * magnitude + dim * UNDERFLOW;
      if (rule.softCap().isPresent()) {
        double cap = rule.softCap().getAsDouble();
        score = cap * Math.tanh(score / cap);
        error += 16 * UNIT * cap;
      }
      if (!rule.alibiSlopes().isEmpty()) {
        double bias = rule.alibiSlopes().get(head) * distance;
        score -= bias;
        error += 4 * UNIT * (Math.abs(score) + Math.abs(bias));
      }
      scores.putScalar(0, j, score);
      scoreError = Math.max(scoreError, SLACK * error);
    }
    for (int at = 0; at < tokens * dim; at++) {
      values.putScalar(at / dim, at % dim, v.getDouble(at / dim, at % dim));
    }
    if (sinks) {
      scores.putScalar(0, tokens, sink);
    }
    double greatest = scores.maxNumber().doubleValue();
    double least = scores.minNumber().doubleValue();
    double lse =
        greatest + Math.log(Transforms.exp(scores.sub(greatest)).sumNumber().doubleValue());
    INDArray weights = Nd4j.nn.softmax(scores, 1);
    double range = greatest - least + 2 * scoreError + Math.log(terms);
    double factor =
        2 * scoreError
            + UNIT * (2 * range + 4 * terms + Math.abs(lse) + 2 * Math.log(terms))
            + UNIT * (2 * Math.log(shards) + 20 + 80)
            + gamma(6L * terms + shards);
    double[] magnitudes = weights.mmul(Transforms.abs(values)).reshape(dim).toDoubleVector();
    double[] bound = new double[dim];
    for (int i = 0; i < dim; i++) {
      bound[i] = SLACK * 4 * factor * magnitudes[i] + 8 * terms * UNDERFLOW;
    }
    return new PlainSoftmax(
        weights.mmul(values).reshape(dim), lse, bound, SLACK * 2 * (factor + UNIT * Math.abs(lse)));
  }
}
