package dev.helix.runtime.definition;

import dev.helix.attention.LatentShape;
import dev.helix.attention.definition.LatentAttentionDefinition;
import dev.helix.attention.rotary.RotaryEmbedding;
import dev.helix.runtime.checkpoint.LatentNames;
import dev.helix.runtime.checkpoint.LlamaNames;
import dev.helix.runtime.checkpoint.ModelConfig;
import dev.helix.tensor.exact.definition.LinearDefinition;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/** The latent attention of one layer by its definition. */
final class LatentLayer implements AttentionLayer {
  private final LatentShape shape;
  private final RotaryEmbedding rotary;
  private final double scale;
  private final double epsilon;
  private final Function<String, double[]> weights;
  private final CacheRule cache;
  private final int layer;
  private final List<double[]> entries = new ArrayList<>();

  LatentLayer(ModelConfig model, Function<String, double[]> weights, CacheRule cache, int layer) {
    this.cache = cache;
    this.shape = model.latent().orElseThrow();
    this.rotary = new RotaryEmbedding(model.rope(), shape.ropeDim());
    this.scale = shape.scoreScale(model.rope());
    this.epsilon = model.latentNormEpsilon();
    this.weights = weights;
    this.layer = layer;
  }

  @Override
  public double[] next(double[] x, int position) {
    double[] queries = queries(x);
    entries.add(cache.key(layer, 0, entry(project(LatentNames.entry(layer), x), position)));
    double[][] cached = entries.toArray(double[][]::new);
    double[] up = weights.apply(LatentNames.keyValueUp(layer));
    double[] values = new double[shape.heads() * shape.valueDim()];
    for (int head = 0; head < shape.heads(); head++) {
      int query = head * shape.queryDim();
      int rope = query + shape.nopeDim();
      int key = head * shape.upRows() * shape.latent();
      int value = key + shape.nopeDim() * shape.latent();
      double[] attended =
          LatentAttentionDefinition.attend(
              Arrays.copyOfRange(queries, query, rope),
              turned(Arrays.copyOfRange(queries, rope, query + shape.queryDim()), position),
              Arrays.copyOfRange(up, key, value),
              Arrays.copyOfRange(up, value, value + shape.valueDim() * shape.latent()),
              cached,
              scale);
      System.arraycopy(attended, 0, values, head * shape.valueDim(), shape.valueDim());
    }
    return LinearDefinition.projectExactly(
        weights.apply(LlamaNames.attentionOutput(layer)), values);
  }

  /** The queries of all heads: of each head first the nope components, then the rope components. */
  private double[] queries(double[] x) {
    if (shape.queryLatent().isEmpty()) {
      return project(LatentNames.query(layer), x);
    }
    double[] compressed = project(LatentNames.queryDown(layer), x);
    double[] norm = weights.apply(LatentNames.queryNorm(layer));
    return project(LatentNames.queryUp(layer), LinearDefinition.rmsNorm(compressed, norm, epsilon));
  }

  /** The cache entry: the normalised latent, then the rotated rotary key. */
  private double[] entry(double[] projected, int position) {
    double[] latent = Arrays.copyOf(projected, shape.latent());
    double[] norm = weights.apply(LatentNames.latentNorm(layer));
    double[] key = Arrays.copyOfRange(projected, shape.latent(), shape.entryDim());
    double[] entry =
        Arrays.copyOf(LinearDefinition.rmsNorm(latent, norm, epsilon), shape.entryDim());
    System.arraycopy(turned(key, position), 0, entry, shape.latent(), key.length);
    return entry;
  }

  private double[] turned(double[] part, int position) {
    return Rotation.turned(part, rotary, shape.pairing(), position);
  }

  private double[] project(String name, double[] x) {
    return LinearDefinition.project(weights.apply(name), x);
  }
}
