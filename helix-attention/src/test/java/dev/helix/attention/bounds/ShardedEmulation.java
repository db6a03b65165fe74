package dev.helix.attention.bounds;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A small sharded decode attention in plain doubles, for tests of the bound: tokens dealt round
 * robin in runs, locally normalised partials, one LSE each, merge by exp(LSEᵢ − LSE), output
 * projection in column slices. Where the baseline has a choice, this makes another one: dot
 * products run backwards and fused, the query carries the scale, frequencies are reciprocals.
 */
final class ShardedEmulation {
  /** What to do wrong. */
  enum Fault {
    NONE,
    /** Shards report LSE in base 2, the merge takes it for base e. */
    BASE_TWO_LSE,
    /** The last shard that has tokens is left out of the merge. */
    DROPPED_SHARD,
    /** Partial outputs are rounded to BF16 before the merge. */
    BF16_PARTIALS,
    /** LSEs travel as FP32. */
    FLOAT_LSE,
    /** From the second step on, the new token gets the previous position. */
    REPEATED_POSITION
  }

  private final AttentionProblem problem;
  private final int shards;
  private final int run;
  private final Fault fault;
  private final int headDim;
  private final List<double[]> keys = new ArrayList<>();
  private final List<double[]> values = new ArrayList<>();

  ShardedEmulation(AttentionProblem problem, int shards, int run, Fault fault) {
    this.problem = problem;
    this.shards = shards;
    this.run = run;
    this.fault = fault;
    this.headDim = problem.shape.headDim();
  }

  double[] step(double[] x) {
    int tokens = keys.size();
    int position = fault == Fault.REPEATED_POSITION && tokens > 0 ? tokens - 1 : tokens;
    double[] q = rotated(product(problem.wq, x, 0, x.length), position);
    keys.add(rotated(product(problem.wk, x, 0, x.length), position));
    values.add(product(problem.wv, x, 0, x.length));
    double scale = 1 / Math.sqrt(headDim);
    for (int i = 0; i < q.length; i++) {
      q[i] *= scale;
    }
    double[] heads = new double[q.length];
    for (int head = 0; head < problem.shape.queryHeads(); head++) {
      merge(q, head, heads);
    }
    double[] sum = new double[x.length];
    for (int rank = 0; rank < shards; rank++) {
      int from = (int) ((long) heads.length * rank / shards);
      int to = (int) ((long) heads.length * (rank + 1) / shards);
      double[] slice = product(problem.wo, heads, from, to);
      for (int i = 0; i < sum.length; i++) {
        sum[i] += slice[i];
      }
    }
    return sum;
  }

  private void merge(double[] q, int head, double[] heads) {
    double[][] outputs = new double[shards][headDim];
    double[] lses = new double[shards];
    double max = Double.NEGATIVE_INFINITY;
    int last = ((keys.size() - 1) / run) % shards;
    for (int shard = 0; shard < shards; shard++) {
      lses[shard] = attend(q, head, shard, outputs[shard]);
      if (fault == Fault.DROPPED_SHARD && shard == last && keys.size() > run) {
        lses[shard] = Double.NEGATIVE_INFINITY;
      }
      max = Math.max(max, lses[shard]);
    }
    double sum = 0;
    for (double lse : lses) {
      sum += Math.exp(lse - max);
    }
    double total = max + Math.log(sum);
    for (int shard = 0; shard < shards; shard++) {
      double weight = Math.exp(lses[shard] - total);
      for (int c = 0; c < headDim; c++) {
        heads[head * headDim + c] += weight * outputs[shard][c];
      }
    }
  }

  /** Fills in one shard's normalised output and returns its LSE, −∞ if it has no tokens. */
  private double attend(double[] q, int head, int shard, double[] output) {
    int kv = head / problem.shape.queriesPerKvHead() * headDim;
    double[] scores = new double[keys.size()];
    Arrays.fill(scores, Double.NEGATIVE_INFINITY);
    double max = Double.NEGATIVE_INFINITY;
    for (int j = 0; j < scores.length; j++) {
      if ((j / run) % shards == shard) {
        double dot = 0;
        for (int c = headDim - 1; c >= 0; c--) {
          dot = Math.fma(q[head * headDim + c], keys.get(j)[kv + c], dot);
        }
        scores[j] = dot;
        max = Math.max(max, dot);
      }
    }
    if (max == Double.NEGATIVE_INFINITY) {
      return max;
    }
    double sum = 0;
    for (int j = scores.length - 1; j >= 0; j--) {
      double weight = Math.exp(scores[j] - max);
      sum += weight;
      for (int c = 0; c < headDim; c++) {
        output[c] = Math.fma(weight, values.get(j)[kv + c], output[c]);
      }
    }
    for (int c = 0; c < headDim; c++) {
      output[c] /= sum;
      output[c] = fault == Fault.BF16_PARTIALS ? bf16(output[c]) : output[c];
    }
    double lse = max + Math.log(sum);
    return switch (fault) {
      case BASE_TWO_LSE -> lse / Math.log(2);
      case FLOAT_LSE -> (float) lse;
      default -> lse;
    };
  }

  double[] rotated(double[] heads, int position) {
    double[] turned = new double[heads.length];
    for (int i = 0; i < headDim / 2; i++) {
      double frequency = frequency(i);
      double cos = Math.cos(position * frequency);
      double sin = Math.sin(position * frequency);
      for (int head = 0; head < heads.length; head += headDim) {
        double a = heads[head + i];
        double b = heads[head + i + headDim / 2];
        turned[head + i] = Math.fma(a, cos, -b * sin);
        turned[head + i + headDim / 2] = Math.fma(a, sin, b * cos);
      }
    }
    return turned;
  }

  private double frequency(int i) {
    double frequency = 1 / Math.pow(problem.rope.theta(), 2.0 * i / headDim);
    return problem
        .rope
        .llama3()
        .map(
            s -> {
              double ratio = s.originalContext() * frequency / (2 * Math.PI);
              double t =
                  (ratio - s.lowFrequencyFactor())
                      / (s.highFrequencyFactor() - s.lowFrequencyFactor());
              double clamped = Math.max(0, Math.min(1, t));
              return clamped * frequency + (1 - clamped) * (frequency / s.factor());
            })
        .orElse(frequency);
  }

  /** W[:, from..to) · x[from..to), backwards. */
  private static double[] product(double[] weight, double[] x, int from, int to) {
    double[] y = new double[weight.length / x.length];
    for (int row = 0; row < y.length; row++) {
      for (int column = to - 1; column >= from; column--) {
        y[row] = Math.fma(weight[row * x.length + column], x[column], y[row]);
      }
    }
    return y;
  }

  private static double bf16(double x) {
    int bits = Float.floatToRawIntBits((float) x);
    int rounded = (bits + 0x7fff + ((bits >>> 16) & 1)) & 0xffff0000;
    return Float.intBitsToFloat(rounded);
  }
}
