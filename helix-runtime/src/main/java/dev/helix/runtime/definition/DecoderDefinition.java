package dev.helix.runtime.definition;

import dev.helix.attention.AttentionShape;
import dev.helix.attention.exact.definition.AttentionDefinition;
import dev.helix.attention.rotary.RotaryEmbedding;
import dev.helix.ffn.exact.definition.SwiGluDefinition;
import dev.helix.runtime.checkpoint.Checkpoint;
import dev.helix.runtime.checkpoint.LlamaNames;
import dev.helix.runtime.checkpoint.ModelConfig;
import dev.helix.tensor.InvalidInputException;
import dev.helix.tensor.exact.definition.LinearDefinition;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The definition of the {@code exact} reading for a whole dense decoder and one request: what its
 * logits are, to the last bit, whatever the layout. No ranks, no batch, no kernels; token by token
 * over the whole cache.
 *
 * <p>Slow: about a second for ten tokens of a model of a million parameters.
 */
public final class DecoderDefinition {
  private final Checkpoint checkpoint;
  private final ModelConfig model;
  private final AttentionShape shape;
  private final RotaryEmbedding rotary;
  private final Map<String, double[]> weights = new HashMap<>();
  private final List<List<double[]>> keys = new ArrayList<>();
  private final List<List<double[]>> values = new ArrayList<>();
  private int position;

  /**
   * A request with nothing in its cache.
   *
   * @param checkpoint stays open as long as this is used
   * @throws InvalidInputException if the model has latent attention or experts
   */
  public DecoderDefinition(Checkpoint checkpoint) {
    this.checkpoint = checkpoint;
    this.model = checkpoint.config();
    if (model.latent().isPresent() || model.mixture().isPresent()) {
      throw new InvalidInputException(
          checkpoint.name()
              + ": the exact reading is defined for grouped-query attention and dense FFNs,"
              + " not for latent attention or experts");
    }
    this.shape = model.attention();
    this.rotary = new RotaryEmbedding(model.rope(), shape.headDim());
    for (int layer = 0; layer < model.layers(); layer++) {
      keys.add(new ArrayList<>());
      values.add(new ArrayList<>());
    }
  }

  /**
   * Takes in the token of the next position.
   *
   * @return {@code [vocabulary]}, the logits of the position after it
   */
  public double[] next(int token) {
    int hidden = shape.hidden();
    double[] table = weight(LlamaNames.EMBEDDING);
    double[] h = Arrays.copyOfRange(table, token * hidden, (token + 1) * hidden);
    for (int layer = 0; layer < model.layers(); layer++) {
      h = LinearDefinition.sum(h, attention(layer, norm(h, LlamaNames.attentionNorm(layer))));
      h = LinearDefinition.sum(h, ffn(layer, norm(h, LlamaNames.ffnNorm(layer))));
    }
    position++;
    return LinearDefinition.project(weight(LlamaNames.OUTPUT), norm(h, LlamaNames.FINAL_NORM));
  }

  /**
   * Takes in the prompt and then each token but the last of {@code newTokens}.
   *
   * @return for each new token the logits that it was chosen from
   */
  public List<double[]> logits(List<Integer> prompt, List<Integer> newTokens) {
    List<double[]> logits = new ArrayList<>();
    for (int i = 0; i + 1 < prompt.size(); i++) {
      next(prompt.get(i));
    }
    logits.add(next(prompt.get(prompt.size() - 1)));
    for (int i = 0; i + 1 < newTokens.size(); i++) {
      logits.add(next(newTokens.get(i)));
    }
    return logits;
  }

  private double[] attention(int layer, double[] x) {
    int dim = shape.headDim();
    double[] queries = rotated(LinearDefinition.project(weight(LlamaNames.query(layer)), x));
    keys.get(layer).add(rotated(LinearDefinition.project(weight(LlamaNames.key(layer)), x)));
    values.get(layer).add(LinearDefinition.project(weight(LlamaNames.value(layer)), x));
    double[] output = new double[shape.queryHeads() * dim];
    for (int head = 0; head < shape.queryHeads(); head++) {
      int kvHead = head / shape.queriesPerKvHead();
      double[] attended =
          AttentionDefinition.attend(
              Arrays.copyOfRange(queries, head * dim, (head + 1) * dim),
              ofHead(keys.get(layer), kvHead),
              ofHead(values.get(layer), kvHead),
              shape.scoreScale(),
              dim);
      System.arraycopy(attended, 0, output, head * dim, dim);
    }
    return LinearDefinition.projectExactly(weight(LlamaNames.attentionOutput(layer)), output);
  }

  private double[] ffn(int layer, double[] x) {
    return SwiGluDefinition.apply(
        x,
        weight(LlamaNames.gate(layer)),
        weight(LlamaNames.up(layer)),
        weight(LlamaNames.down(layer)));
  }

  /** (a, b) → (a·cos − b·sin, b·cos + a·sin) for the components i and i + d/2 of each head. */
  private double[] rotated(double[] heads) {
    double[] cosines = rotary.cosines(position);
    double[] sines = rotary.sines(position);
    int half = cosines.length;
    double[] turned = new double[heads.length];
    for (int from = 0; from < heads.length; from += 2 * half) {
      for (int i = 0; i < half; i++) {
        double a = heads[from + i];
        double b = heads[from + half + i];
        turned[from + i] = a * cosines[i] - b * sines[i];
        turned[from + half + i] = b * cosines[i] + a * sines[i];
      }
    }
    return turned;
  }

  private double[][] ofHead(List<double[]> tokens, int kvHead) {
    int dim = shape.headDim();
    return tokens.stream()
        .map(token -> Arrays.copyOfRange(token, kvHead * dim, (kvHead + 1) * dim))
        .toArray(double[][]::new);
  }

  private double[] norm(double[] x, String name) {
    return LinearDefinition.rmsNorm(x, weight(name), model.rmsNormEpsilon());
  }

  private double[] weight(String name) {
    return weights.computeIfAbsent(name, checkpoint::read);
  }
}
