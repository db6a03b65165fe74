package dev.helix.runtime.baseline;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A decoder layer in plain doubles with the cache dealt to shards and merged by log-sum-exp, sums
 * backwards and fused: another careful program than the baseline, for tests of the bounds.
 */
final class ShardedLayerEmulation {
  /** What to do wrong. */
  enum Fault {
    NONE,
    /** The shard of the newest token is left out of the merge. */
    DROPPED_SHARD,
    /** LSEs in base 2 are merged as base e. */
    BASE_TWO_LSE,
    /** The FFN's norm has the weight of the attention's. */
    WRONG_NORM,
    /** The attention output is rounded to single precision. */
    FLOAT_ATTENTION
  }

  private final Map<String, double[]> tensors;
  private final String prefix;
  private final int shards;
  private final Fault fault;
  private final List<double[]> keys = new ArrayList<>();
  private final List<double[]> values = new ArrayList<>();

  ShardedLayerEmulation(Map<String, double[]> tensors, int layer, int shards, Fault fault) {
    this.tensors = tensors;
    this.prefix = "model.layers." + layer + ".";
    this.shards = shards;
    this.fault = fault;
  }

  /** The attention output, norm included. */
  double[] attention(double[] hidden) {
    double[] x = norm(hidden, tensors.get(prefix + "input_layernorm.weight"));
    int position = keys.size();
    double[] q = rotated(product("self_attn.q_proj.weight", x), position);
    keys.add(rotated(product("self_attn.k_proj.weight", x), position));
    values.add(product("self_attn.v_proj.weight", x));
    double[] heads = new double[q.length];
    for (int head = 0; head < TestModel.ATTENTION.queryHeads(); head++) {
      attend(q, head, heads);
    }
    double[] out = product("self_attn.o_proj.weight", heads);
    for (int i = 0; i < out.length; i++) {
      out[i] = fault == Fault.FLOAT_ATTENTION ? (float) out[i] : out[i];
    }
    return out;
  }

  /** The FFN output, norm included. */
  double[] ffn(double[] mid) {
    String norm = fault == Fault.WRONG_NORM ? "input_layernorm" : "post_attention_layernorm";
    double[] x = norm(mid, tensors.get(prefix + norm + ".weight"));
    double[] gate = product("mlp.gate_proj.weight", x);
    double[] up = product("mlp.up_proj.weight", x);
    for (int i = 0; i < gate.length; i++) {
      gate[i] = up[i] * (gate[i] / (1 + Math.exp(-gate[i])));
    }
    return product("mlp.down_proj.weight", gate);
  }

  private void attend(double[] q, int head, double[] heads) {
    int d = TestModel.ATTENTION.headDim();
    int kv = head / TestModel.ATTENTION.queriesPerKvHead() * d;
    double[] lses = new double[shards];
    double[][] outputs = new double[shards][d];
    double total = 0;
    for (int shard = 0; shard < shards; shard++) {
      double sum = 0;
      for (int j = shard; j < keys.size(); j += shards) {
        double dot = 0;
        for (int c = d - 1; c >= 0; c--) {
          dot = Math.fma(q[head * d + c], keys.get(j)[kv + c], dot);
        }
        // The scores of this model are small enough for no maximum to be needed.
        double weight = Math.exp(dot * (1 / Math.sqrt(d)));
        sum += weight;
        for (int c = 0; c < d; c++) {
          outputs[shard][c] = Math.fma(weight, values.get(j)[kv + c], outputs[shard][c]);
        }
      }
      for (int c = 0; c < d && sum > 0; c++) {
        outputs[shard][c] /= sum;
      }
      boolean dropped =
          fault == Fault.DROPPED_SHARD && shard == (keys.size() - 1) % shards && keys.size() > 1;
      lses[shard] = dropped ? Double.NEGATIVE_INFINITY : Math.log(sum);
      lses[shard] /= fault == Fault.BASE_TWO_LSE ? Math.log(2) : 1;
      total += Math.exp(lses[shard]);
    }
    double lse = Math.log(total);
    for (int shard = 0; shard < shards; shard++) {
      double weight = Math.exp(lses[shard] - lse);
      for (int c = 0; c < d; c++) {
        heads[head * d + c] += weight * outputs[shard][c];
      }
    }
  }

  private double[] product(String name, double[] x) {
    return product(tensors.get(prefix + name), x);
  }

  static double[] norm(double[] x, double[] weight) {
    double sum = 0;
    for (int i = x.length - 1; i >= 0; i--) {
      sum = Math.fma(x[i], x[i], sum);
    }
    double reciprocal = 1 / Math.sqrt(sum / x.length + TestModel.EPSILON);
    double[] y = new double[x.length];
    for (int i = 0; i < y.length; i++) {
      y[i] = x[i] * reciprocal * weight[i];
    }
    return y;
  }

  static double[] product(double[] weight, double[] x) {
    double[] y = new double[weight.length / x.length];
    for (int row = 0; row < y.length; row++) {
      for (int i = x.length - 1; i >= 0; i--) {
        y[row] = Math.fma(weight[row * x.length + i], x[i], y[row]);
      }
    }
    return y;
  }

  private static double[] rotated(double[] heads, int position) {
    int d = TestModel.ATTENTION.headDim();
    double[] turned = new double[heads.length];
    for (int i = 0; i < d / 2; i++) {
      double angle = position / Math.pow(1e4, 2.0 * i / d);
      for (int head = 0; head < heads.length; head += d) {
        double a = heads[head + i];
        double b = heads[head + i + d / 2];
        turned[head + i] = a * Math.cos(angle) - b * Math.sin(angle);
        turned[head + i + d / 2] = a * Math.sin(angle) + b * Math.cos(angle);
      }
    }
    return turned;
  }
}
