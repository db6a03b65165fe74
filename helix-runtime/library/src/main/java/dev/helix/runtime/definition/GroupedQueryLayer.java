package dev.helix.runtime.definition;

import dev.helix.attention.AttentionShape;
import dev.helix.attention.ScoreRule;
import dev.helix.attention.definition.AttentionDefinition;
import dev.helix.attention.rotary.RotaryEmbedding;
import dev.helix.attention.rotary.RotaryPairing;
import dev.helix.runtime.checkpoint.LlamaNames;
import dev.helix.runtime.checkpoint.ModelConfig;
import dev.helix.tensor.exact.definition.LinearDefinition;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;

/** The grouped-query attention of one layer by its definition. */
final class GroupedQueryLayer implements AttentionLayer {
  private final AttentionShape shape;
  private final RotaryEmbedding rotary;
  private final ScoreRule rule;
  private final Function<String, double[]> weights;
  private final CacheRule cache;
  private final int layer;
  private final List<double[]> keys = new ArrayList<>();
  private final List<double[]> values = new ArrayList<>();

  GroupedQueryLayer(
      ModelConfig model, Function<String, double[]> weights, CacheRule cache, int layer) {
    this.cache = cache;
    this.shape = model.attention();
    this.rotary = new RotaryEmbedding(model.rope(), shape.headDim());
    ScoreRule plain = ScoreRule.ofScale(shape.scoreScale());
    this.rule =
        model.slidingWindow().isPresent()
            ? plain.withWindow(model.slidingWindow().getAsInt())
            : plain;
    this.weights = weights;
    this.layer = layer;
  }

  @Override
  public double[] next(double[] x, int position) {
    int dim = shape.headDim();
    double[] queries = turned(project(LlamaNames.query(layer), x), position);
    double[] key = turned(project(LlamaNames.key(layer), x), position);
    double[] value = project(LlamaNames.value(layer), x);
    for (int kvHead = 0; kvHead < shape.kvHeads(); kvHead++) {
      int from = kvHead * dim;
      double[] keptKey = cache.key(layer, kvHead, Arrays.copyOfRange(key, from, from + dim));
      double[] keptValue = cache.value(layer, kvHead, Arrays.copyOfRange(value, from, from + dim));
      System.arraycopy(keptKey, 0, key, from, dim);
      System.arraycopy(keptValue, 0, value, from, dim);
    }
    keys.add(key);
    values.add(value);
    int[] distances = IntStream.rangeClosed(0, position).map(j -> position - j).toArray();
    double[] output = new double[shape.queryHeads() * dim];
    for (int head = 0; head < shape.queryHeads(); head++) {
      int kvHead = head / shape.queriesPerKvHead();
      double[] attended =
          AttentionDefinition.attend(
              Arrays.copyOfRange(queries, head * dim, (head + 1) * dim),
              ofHead(keys, kvHead),
              ofHead(values, kvHead),
              distances,
              rule,
              head,
              dim);
      System.arraycopy(attended, 0, output, head * dim, dim);
    }
    return LinearDefinition.projectExactly(
        weights.apply(LlamaNames.attentionOutput(layer)), output);
  }

  private double[] project(String name, double[] x) {
    return LinearDefinition.project(weights.apply(name), x);
  }

  private double[] turned(double[] heads, int position) {
    double[] turned = new double[heads.length];
    for (int from = 0; from < heads.length; from += shape.headDim()) {
      double[] head = Arrays.copyOfRange(heads, from, from + shape.headDim());
      System.arraycopy(
          Rotation.turned(head, rotary, RotaryPairing.HALF_SPLIT, position),
          0,
          turned,
          from,
          head.length);
    }
    return turned;
  }

  private double[][] ofHead(List<double[]> tokens, int kvHead) {
    int dim = shape.headDim();
    return tokens.stream()
        .map(token -> Arrays.copyOfRange(token, kvHead * dim, (kvHead + 1) * dim))
        .toArray(double[][]::new);
  }
}
